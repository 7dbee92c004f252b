import { makeStamp, stampEvents } from '@groundtrack/db'
import type { EventSink } from './event-sink.js'

const STAMP = makeStamp(Date.parse('2026-01-15T12:00:00Z') * 1000, 7n)
const COLUMNS = [
  'receivedAt',
  'flushId',
  'ordinal',
  'nodeId',
  'time',
  'session',
  'span',
  'seq',
  'projectId',
  'flags',
  'level',
  'kind',
  'clock',
  'category',
  'message',
  'attributes',
  'detail',
] as const

export type StoredRow = Record<(typeof COLUMNS)[number], string | null>

/** The rows of a sink as COPY would store them, null for \\N. */
export function listStoredRows(sink: EventSink): StoredRow[] {
  const lines = stampEvents(sink.rows.toBytes(), STAMP, 0, 3).toString('utf8').split('\n').slice(0, -1)
  return lines.map((line) => {
    const values = line.split('\t').map(unescape)
    if (values.length !== COLUMNS.length) throw new Error(`a row of ${values.length} columns`)
    return Object.fromEntries(COLUMNS.map((column, i) => [column, values[i] ?? null])) as StoredRow
  })
}

const LETTERS: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r' }

function unescape(value: string): string | null {
  return value === '\\N' ? null : value.replace(/\\(.)/g, (_, letter: string) => LETTERS[letter] ?? letter)
}
