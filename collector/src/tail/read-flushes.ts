import { flushIdOf, listFlushEvents, type ProjectReader, type StoredFlush } from '@groundtrack/db'
import { groupBy } from '../query/group-by.js'
import { loadNodes } from '../query/load-summaries.js'
import type { FlushGroup } from './flush-log.js'

const MAX_EVENTS = 4_000

/** The flushes in pieces of about 4,000 events: as much as is read at one go. */
export function* inPieces(flushes: readonly StoredFlush[]): Generator<StoredFlush[]> {
  let piece: StoredFlush[] = []
  let events = 0
  for (const flush of flushes) {
    piece.push(flush)
    events += flush.events
    if (events < MAX_EVENTS) continue
    yield piece
    piece = []
    events = 0
  }
  if (piece.length > 0) yield piece
}

/** The events of these flushes of the reader's project, with their nodes; the flushes as given. */
export async function readGroups(reader: ProjectReader, flushes: readonly StoredFlush[]): Promise<FlushGroup[]> {
  const events = await listFlushEvents(reader, flushes)
  const nodes = await loadNodes(
    reader,
    events.map(({ nodeId }) => nodeId),
  )
  const ofFlush = groupBy(events, ({ flushId }) => flushId)
  return flushes.map((flush) => ({
    flush,
    candidates: (ofFlush.get(flushIdOf(flush.writerId, flush.flushNo).toString()) ?? []).map((event) => ({
      event,
      node: nodes.get(event.nodeId),
    })),
  }))
}
