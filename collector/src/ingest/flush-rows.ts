import {
  BinaryRows,
  encodeAbsence,
  encodeEventCount,
  encodeSessionPart,
  type AbsenceRow,
  type FlushStamp,
  type RejectedSample,
  type SessionPartRow,
} from '@groundtrack/db'
import { mergeHopPart, type HopPart } from './hop-part.js'
import { spanToBigint } from './ids.js'
import { readCountKey } from './native/event-sink.js'
import type { DroppedRange } from './native/header.js'
import type { WriteRequest } from './write-request.js'

const MICROS_PER_MINUTE = 60_000_000
/** Of events outside any hop. */
const NO_SPAN = '0'.repeat(16)

/** The session parts of a flush: one row per session and hop, whatever its batches. */
export function encodeSessionParts(requests: readonly WriteRequest[], stamp: FlushStamp): BinaryRows {
  const parts = new Map<string, { projectId: number; nodeId: number | null; part: HopPart; isMerged: boolean }>()
  for (const { projectId, content } of requests) {
    for (const { nodeId, hops } of content.groups) {
      for (const hop of hops) {
        const key = `${projectId} ${hop.session}${hop.spanHex}`
        const known = parts.get(key)
        if (known === undefined) {
          parts.set(key, { projectId, nodeId: hop.own ? nodeId : null, part: hop, isMerged: false })
          continue
        }
        // Merged into a copy, since the request may be written again after a failed flush.
        if (!known.isMerged) known.part = { ...known.part }
        known.isMerged = true
        mergeHopPart(known.part, hop)
        if (hop.own) known.nodeId = nodeId
      }
    }
  }
  const rows = new BinaryRows()
  for (const { projectId, nodeId, part } of parts.values()) {
    encodeSessionPart(rows, toRow(part, projectId, nodeId, stamp.receivedMicros), stamp)
  }
  return rows
}

function toRow(part: HopPart, projectId: number, nodeId: number | null, receivedMicros: number): SessionPartRow {
  const { opened, closed } = part
  const fallbackMicros = (part.own ? null : part.namedMicros) ?? receivedMicros
  return {
    session: part.session,
    span: part.spanHex === '' ? NO_SPAN : part.spanHex,
    projectId,
    nodeId,
    firstMicros: part.firstMicros ?? fallbackMicros,
    lastMicros: part.lastMicros ?? fallbackMicros,
    openedMicros: opened && (opened.micros ?? receivedMicros),
    closedMicros: closed && (closed.micros ?? receivedMicros),
    parent: part.parent,
    callSpan: part.callSpan,
    events: part.events,
    numbered: part.numbered,
    errors: part.errors,
    firstNumber: part.firstNumber,
    lastNumber: part.lastNumber,
    closedNumber: closed && closed.number,
    atLeast: part.atLeast,
    unanswered: part.unanswered === 0 ? null : part.unanswered,
    status: closed && closed.status,
    path: part.path,
    name: part.name,
    reason: closed && closed.reason,
    firstError: part.firstError,
    properties: part.properties && JSON.stringify(part.properties),
    detail: part.detail && JSON.stringify(part.detail),
  }
}

/** COPY text of the sums per minute, node and level. */
export function encodeEventCounts(requests: readonly WriteRequest[], stamp: FlushStamp): string {
  const receivedMinute = Math.floor(stamp.receivedMicros / MICROS_PER_MINUTE) * MICROS_PER_MINUTE
  const sums = new Map<string, { projectId: number; nodeId: number; minuteMicros: number; level: number; events: number }>()
  for (const { projectId, content } of requests) {
    for (const { nodeId, counts } of content.groups) {
      for (const [countKey, events] of counts) {
        const { micros, level } = readCountKey(countKey)
        const minuteMicros = micros ?? receivedMinute
        const key = `${projectId} ${nodeId} ${minuteMicros} ${level}`
        const sum = sums.get(key)
        if (sum) sum.events += events
        else sums.set(key, { projectId, nodeId, minuteMicros, level, events })
      }
    }
  }
  let text = ''
  for (const sum of sums.values()) text += encodeEventCount(sum, stamp)
  return text
}

/** COPY text of the numbers that will never be stored: dropped by the producer, or rejected here. */
export function encodeAbsences(requests: readonly WriteRequest[], stamp: FlushStamp): string {
  let text = ''
  for (const row of requests.flatMap(listAbsences)) text += encodeAbsence(row, stamp)
  return text
}

function listAbsences({ projectId, range, content }: WriteRequest): AbsenceRow[] {
  if (range === null) return []
  const { producer, epoch, nodeId } = range
  const common = { projectId, producer, epoch, nodeId }
  const dropped = range.dropped.flatMap((gap) => listDropped(gap).map((row) => ({ ...common, ...row })))
  const rejected = content.rejected.map(({ seq, code, session, span, number }) => ({
    ...common,
    first: seq ?? range.first,
    last: seq ?? range.last,
    session,
    span: span === null ? null : spanToBigint(span),
    fromNumber: number,
    toNumber: number,
    count: 1,
    state: 'rejected' as const,
    reason: code,
  }))
  return [...dropped, ...rejected]
}

/** One row per hop that lost numbers, and one for what no hop accounts for. */
function listDropped({ first, last, reason, hops }: DroppedRange) {
  const common = { first, last, reason, state: 'dropped' as const }
  const named = hops.map(({ session, span, from, to }) => ({
    ...common,
    session,
    span: spanToBigint(span),
    fromNumber: from,
    toNumber: to,
    count: to - from + 1,
  }))
  const rest = last - first + 1 - named.reduce((sum, { count }) => sum + count, 0)
  if (rest <= 0) return named
  // count is an integer column; a range is as long as the producer says.
  return [...named, { ...common, session: null, span: null, fromNumber: null, toNumber: null, count: Math.min(rest, 2 ** 31 - 1) }]
}

export function listSamples(requests: readonly WriteRequest[], maxPerRequest: number): Map<number, RejectedSample[]> {
  const samples = new Map<number, RejectedSample[]>()
  for (const { projectId, range, content } of requests) {
    const nodeId = range?.nodeId ?? content.groups[0]?.nodeId ?? null
    const own = content.rejected.slice(0, maxPerRequest).map(({ code, raw }) => ({ nodeId, code, raw }))
    if (own.length > 0) samples.set(projectId, [...(samples.get(projectId) ?? []), ...own])
  }
  return samples
}
