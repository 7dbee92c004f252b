import { BoundedMap } from './bounded-map.js'
import type { CallNote, ReturnNote } from './event-notes.js'

/** A return that came before its call. */
export interface EarlyReturn {
  note: ReturnNote
  /** The minute under which it was counted as one without a call. */
  minuteMicros: number
}

/** What a flush changes of the memory, once it is committed. */
export interface Learned {
  calls: Map<string, CallNote>
  answered: Set<string>
  early: Map<string, EarlyReturn>
  late: Set<string>
  breakers: Set<string>
}

const CALL_BYTES = 400
const MAX_CALLS_BYTES = 8 * 2 ** 20
const MAX_RETURNS_BYTES = 4 * 2 ** 20
const MAX_BREAKERS = 50_000

/**
 * Calls that wait for their return, returns that came before their call, and breakers that have a row. Only what is committed gets
 * here; what it forgets, or another collector took, is found in the database.
 */
export class CallMemory {
  readonly #calls = new BoundedMap<CallNote>(
    MAX_CALLS_BYTES,
    ({ name, target }) => CALL_BYTES + 2 * (name.length + (target.address?.length ?? 0)),
  )
  readonly #early = new BoundedMap<EarlyReturn>(MAX_RETURNS_BYTES, ({ note }) => CALL_BYTES + 2 * note.reason.length)
  #breakers = new Set<string>()
  readonly #onUnpaired: (returns: number) => void

  /** `onUnpaired` is told how many returns of a flush had no call. */
  constructor(onUnpaired: (returns: number) => void) {
    this.#onUnpaired = onUnpaired
  }

  call(key: string): CallNote | undefined {
    return this.#calls.get(key)
  }

  earlyReturn(key: string): EarlyReturn | undefined {
    return this.#early.get(key)
  }

  hasBreaker(key: string): boolean {
    return this.#breakers.has(key)
  }

  learn({ calls, answered, early, late, breakers }: Learned): void {
    for (const [key, call] of calls) this.#calls.set(key, call)
    for (const key of answered) this.#calls.delete(key)
    for (const [key, answer] of early) this.#early.set(key, answer)
    if (early.size > 0) this.#onUnpaired(early.size)
    for (const key of late) this.#early.delete(key)
    if (this.#breakers.size + breakers.size > MAX_BREAKERS) this.#breakers = new Set()
    for (const key of breakers) this.#breakers.add(key)
  }
}
