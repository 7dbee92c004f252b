import { EventRows } from '@groundtrack/db'
import type { EventGroup } from '../write-request.js'
import { newHopPart, type HopPart } from '../hop-part.js'
import type { EventNotes } from '../calls/event-notes.js'
import { isSessionId, isSpanId, spanToBigint } from '../ids.js'

/** Collects what the events of one node in one request become. */
export interface EventSink {
  nodeUuid: string
  rows: EventRows
  /** Hops by span; by session and span where two sessions share one. */
  hops: Map<string, HopPart>
  /** Events by minute and level: key = minute × 32 + level; minute −1 where the time was suspect. */
  counts: Map<number, number>
  /** What they say of calls and breakers. */
  notes: EventNotes | null
}

export const SUSPECT_MINUTE = -1
const LEVELS = 32
const MICROS_PER_MINUTE = 60_000_000

/** `expectedBytes`: of its rows. */
export function newEventSink(nodeUuid: string, projectId: number, expectedBytes: number): EventSink {
  return { nodeUuid, rows: new EventRows(projectId, expectedBytes), hops: new Map(), counts: new Map(), notes: null }
}

/**
 * The hop of these ids, made on first sight; undefined where an id is malformed. Span '' stands for events of a session outside
 * any hop. `own`: whether its events come from this node, or (null) only a return edge names it.
 */
export function findHop(sink: EventSink, session: unknown, span: unknown, own: 'own' | null = 'own'): HopPart | undefined {
  if (typeof session !== 'string' || typeof span !== 'string') return undefined
  let key = span
  let hop = sink.hops.get(key)
  if (hop !== undefined && hop.session !== session) {
    key = session + span
    hop = sink.hops.get(key)
  }
  if (hop === undefined) {
    if (!isSessionId(session) || (span !== '' && !isSpanId(span))) return undefined
    hop = newHopPart(session, span, span === '' ? '0' : spanToBigint(span))
    sink.hops.set(key, hop)
  }
  if (own !== null) hop.own = true
  return hop
}

export function countEvent(sink: EventSink, micros: number | null, level: number): void {
  const minute = micros === null ? SUSPECT_MINUTE : Math.floor(micros / MICROS_PER_MINUTE)
  const key = minute * LEVELS + level
  sink.counts.set(key, (sink.counts.get(key) ?? 0) + 1)
}

/** The minute (microseconds; null where suspect) and level of a key of `counts`. */
export function readCountKey(key: number): { micros: number | null; level: number } {
  const minute = Math.floor(key / LEVELS)
  return { micros: minute === SUSPECT_MINUTE ? null : minute * MICROS_PER_MINUTE, level: key - minute * LEVELS }
}

/** The sink as a flush takes it; nothing where nothing came. */
export function listGroup({ nodeUuid, rows, hops, counts, notes }: EventSink, nodeId: number, service: string): EventGroup[] {
  if (rows.count === 0) return []
  return [{ nodeId, nodeUuid, service, rows: rows.toBytes(), count: rows.count, hops: [...hops.values()], counts, notes }]
}
