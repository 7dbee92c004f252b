import { findOverlaps, listKnownRequests, type Connection } from '@groundtrack/db'
import { judgeRanges, type Verdict } from './judge-ranges.js'
import type { ProducerRange, WriteRequest } from './write-request.js'

export type PlacedRange = ProducerRange & { projectId: number; position: number }

/** The ranges of those requests that come from producers, with their position among the requests. */
export function listRanges(requests: readonly WriteRequest[]): PlacedRange[] {
  return requests.flatMap(({ projectId, range }, position) => (range ? [{ projectId, ...range, position }] : []))
}

/** The keys of those requests that have one. */
export function listRequestKeys(requests: readonly WriteRequest[]) {
  return requests.flatMap(({ projectId, requestKey }, position) => (requestKey ? [{ projectId, digest: requestKey, position }] : []))
}

/** What the requests are to one another, and to what is stored where the `ledger` is asked. */
export async function consultLedger(ledger: Connection | null, requests: readonly WriteRequest[]): Promise<Verdict[]> {
  const verdicts: Verdict[] = requests.map(() => 'new')
  const ranges = listRanges(requests)
  if (ranges.length > 0) {
    const judged = judgeRanges(ranges, ledger ? await findOverlaps(ledger, ranges) : [])
    ranges.forEach(({ position }, i) => (verdicts[position] = judged[i] ?? 'new'))
  }
  const keys = listRequestKeys(requests)
  if (keys.length > 0) {
    const known = ledger ? await listKnownRequests(ledger, keys) : new Set<string>()
    for (const { digest, position } of keys) {
      const hex = digest.toString('hex')
      if (known.has(hex)) verdicts[position] = 'duplicate'
      known.add(hex)
    }
  }
  return verdicts
}
