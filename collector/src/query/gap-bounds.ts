import { listEventSeqs, type EventKey, type EventSeq, type ProjectReader, type StoredAbsence } from '@groundtrack/db'
import { findNeighbours, type MissingRun, type SeqBounds } from '../causality/index.js'
import { groupBy } from './group-by.js'
import type { LoadedSession } from './loaded-session.js'
import { eventId } from './present-event.js'

/** Gaps of one session whose producers are asked about: of the others presence and time are judge. */
export const MAX_GAPS = 1_000

/**
 * Between which numbers of its producer each of these gaps lies: those of the events next to it in its hop, or of the losses that were
 * reported there. By position in `runs`. One statement.
 */
export async function findSeqBounds(
  reader: ProjectReader,
  session: LoadedSession,
  runs: ReadonlyMap<number, MissingRun>,
): Promise<Map<number, SeqBounds>> {
  const neighbours = new Map([...runs].map(([position, run]) => [position, findNeighbours(session.graph, run)]))
  const keys = new Map<number, EventKey>()
  for (const { before, after } of neighbours.values())
    for (const index of [before, after]) {
      const row = session.rows[index]
      if (row && session.graph.events[index]?.number !== null) keys.set(index, { flushId: row.flushId, ordinal: row.ordinal })
    }
  const seqs = new Map<string, EventSeq>()
  if (keys.size > 0)
    for (const seq of await listEventSeqs(reader, session.bounds, [...keys.values()])) seqs.set(eventId(seq.flushId, seq.ordinal), seq)

  const absencesOf = groupBy(session.absences, ({ span }) => span)
  const bounds = new Map<number, SeqBounds>()
  for (const [position, run] of runs) {
    const { before = -1, after = -1 } = neighbours.get(position) ?? {}
    const [low, high] = [before, after].map((index) => seqs.get(session.graph.events[index]?.id ?? ''))
    const reported = absencesOf.get(run.span) ?? []
    const below = low ? { nodeId: low.nodeId, seq: low.seq } : lastBelow(reported, run.from)
    const above = high ? { nodeId: high.nodeId, seq: high.seq } : firstAbove(reported, run.to)
    const nodeId = above?.nodeId ?? below?.nodeId
    if (nodeId === undefined || (above && below && above.nodeId !== below.nodeId)) continue
    // An event before it whose number at the producer nobody knows bounds nothing; no event before it means that the hop began there.
    bounds.set(position, { nodeId, low: below?.seq ?? null, high: above?.seq ?? null })
  }
  return bounds
}

interface Bound {
  nodeId: number
  seq: number
}

function lastBelow(absences: readonly StoredAbsence[], number: number): Bound | undefined {
  const below = absences.filter(({ to }) => to < number)
  return below.length === 0
    ? undefined
    : { nodeId: below[0]?.nodeId ?? 0, seq: below.reduce((most, { firstSeq }) => Math.max(most, firstSeq), -Infinity) }
}

function firstAbove(absences: readonly StoredAbsence[], number: number): Bound | undefined {
  const above = absences.filter(({ from }) => from > number)
  return above.length === 0
    ? undefined
    : { nodeId: above[0]?.nodeId ?? 0, seq: above.reduce((least, { lastSeq }) => Math.min(least, lastSeq), Infinity) }
}
