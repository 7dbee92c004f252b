import type { FreshCallsRow, Status } from '@groundtrack/db'
import type { CallTarget } from '../../breakers/breaker-id.js'
import { bucketOf } from '../../map/duration-buckets.js'

interface Sum extends Omit<FreshCallsRow, 'durations'> {
  buckets: Map<number, number>
}

const NOBODY: CallTarget = { service: null, node: null, address: null }

/** Adds up the calls of one flush by minute, caller and target. */
export class CallSums {
  readonly #sums = new Map<string, Sum>()

  addCall(caller: Caller, minuteMicros: number, target: CallTarget): void {
    this.#sum(caller, minuteMicros, target).calls++
  }

  /** What was cut was never sent, so it has no duration. */
  addReturn(caller: Caller, minuteMicros: number, target: CallTarget, status: Status, durationMs: number | null): void {
    const sum = this.#sum(caller, minuteMicros, target)
    sum.ended++
    if (status === 'error') sum.errors++
    else if (status === 'timeout') sum.timeouts++
    else if (status === 'cut') sum.cuts++
    if (durationMs === null || status === 'cut') return
    const bucket = bucketOf(durationMs)
    sum.durationMs += durationMs
    sum.buckets.set(bucket, (sum.buckets.get(bucket) ?? 0) + 1)
  }

  /** Returns without a call, all under one name; −1 once the call came after all. */
  addUnpaired(caller: Caller, minuteMicros: number, count: 1 | -1): void {
    this.#sum(caller, minuteMicros, NOBODY).unpaired += count
  }

  toRows(): FreshCallsRow[] {
    return [...this.#sums.values()].map(({ buckets, ...sum }) => ({ ...sum, durations: [...buckets].flat() }))
  }

  #sum({ projectId, nodeId }: Caller, minuteMicros: number, { service, node, address }: CallTarget): Sum {
    // A service is known by its name; an address only matters where that is all there is.
    const calleeAddress = service === null ? address : null
    const callee = service !== null ? `s${service}` : address !== null ? `a${address}` : ''
    const key = `${projectId} ${nodeId} ${minuteMicros} ${node} ${callee}`
    const known = this.#sums.get(key)
    if (known) return known
    const sum: Sum = {
      projectId,
      nodeId,
      minuteMicros,
      calleeService: service,
      calleeNode: node,
      calleeAddress,
      calls: 0,
      ended: 0,
      errors: 0,
      timeouts: 0,
      cuts: 0,
      unpaired: 0,
      durationMs: 0,
      buckets: new Map(),
    }
    this.#sums.set(key, sum)
    return sum
  }
}

export interface Caller {
  projectId: number
  nodeId: number
}
