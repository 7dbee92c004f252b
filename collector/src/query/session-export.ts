import { Readable } from 'node:stream'
import { listEventSizes, type ProjectReader } from '@groundtrack/db'
import type { SessionView } from '../api.js'
import type { ExplainedSession } from './explain-session.js'
import type { OrderedRows } from './order-rows.js'
import { presentRows } from './session-rows.js'

/** Each window reads the session's part of the index once, so it is as large as memory allows; a piece is what is turned into text at once. */
const WINDOW_ROWS = 5_000
const WINDOW_BYTES = 4 * 1024 * 1024
const PIECE_ROWS = 200

/** Every row as a line of JSON. Reads on only as the client does, and stops when it leaves: one window is in memory. */
export function streamLines(reader: ProjectReader, session: ExplainedSession, ordered: OrderedRows): Readable {
  return Readable.from(toLines(listRows(reader, session, ordered)), { highWaterMark: 1 })
}

/** The session view with all its rows, as one JSON object. */
export function streamSession(reader: ProjectReader, session: ExplainedSession, ordered: OrderedRows, view: SessionView): Readable {
  return Readable.from(toObject(listRows(reader, session, ordered), view), { highWaterMark: 1 })
}

async function* listRows(reader: ProjectReader, session: ExplainedSession, ordered: OrderedRows): AsyncGenerator<string[]> {
  const bytes = await readSizes(reader, session)
  for (let start = 0, end = 0; start < ordered.rows.length; start = end) {
    end = endOfWindow(ordered, bytes, start)
    const rows = await presentRows(reader, session, ordered, start, end)
    for (let piece = 0; piece < rows.length; piece += PIECE_ROWS)
      yield rows.slice(piece, piece + PIECE_ROWS).map((row) => JSON.stringify(row))
  }
}

/** Bytes of the body of each event, by its index. */
async function readSizes(reader: ProjectReader, { rows, bounds }: ExplainedSession): Promise<Float64Array> {
  const keyOf = ({ flushId, ordinal }: { flushId: string; ordinal: number }) => `${flushId} ${ordinal}`
  const sizes = new Map((await listEventSizes(reader, bounds)).map((size) => [keyOf(size), size.bytes]))
  return Float64Array.from(rows, (row) => sizes.get(keyOf(row)) ?? 0)
}

/** Of at least one row. */
function endOfWindow({ rows }: OrderedRows, bytes: Float64Array, start: number): number {
  let end = start
  for (let sum = 0; end < rows.length && end < start + WINDOW_ROWS; end++) {
    sum += bytes[rows[end] ?? -1] ?? 0
    if (sum > WINDOW_BYTES && end > start) break
  }
  return end
}

async function* toLines(pieces: AsyncIterable<string[]>): AsyncGenerator<string> {
  for await (const piece of pieces) yield `${piece.join('\n')}\n`
}

async function* toObject(pieces: AsyncIterable<string[]>, view: SessionView): AsyncGenerator<string> {
  yield `${JSON.stringify(view).slice(0, -1)},"events":[\n`
  let separator = ''
  for await (const piece of pieces) {
    yield separator + piece.join(',\n')
    separator = ',\n'
  }
  yield '\n]}\n'
}
