import { DETAILED_KINDS, PACKED_BYTES, type PackedEvents } from './list-session-events.js'

/** What ordering needs of each event of a session that one flush wrote: columns, by one index. Its path stands in its hop's part. */
export interface EventColumns {
  flushId: string
  ordinals: Int32Array
  /** The last of the clock; −1 where it has none. */
  numbers: Int32Array
  timesMicros: Float64Array
  nodeIds: Int32Array
  kinds: Uint8Array
  spans: string[]
  /** Where the row lies in its partition, as long as that is not rewritten: see rowPlace. */
  places: Float64Array
  details: (Record<string, unknown> | null)[]
}

const MICROS_AT_2000 = 946_684_800_000_000
const TWO_32 = 2 ** 32
const TWO_16 = 2 ** 16

/** Cost: 0.1 µs an event. */
export function unpackEvents({ flushId, packed, details }: PackedEvents): EventColumns {
  const count = packed.length / PACKED_BYTES
  const columns: EventColumns = {
    flushId,
    ordinals: new Int32Array(count),
    numbers: new Int32Array(count),
    timesMicros: new Float64Array(count),
    nodeIds: new Int32Array(count),
    kinds: new Uint8Array(count),
    spans: [],
    places: new Float64Array(count),
    details: [],
  }
  const carried: (Record<string, unknown> | null)[] = details === null ? [] : JSON.parse(details)
  let next = 0
  for (let i = 0, at = 0; i < count; i++, at += PACKED_BYTES) {
    const kind = packed[at + 15] ?? 0
    columns.ordinals[i] = packed.readInt32BE(at)
    columns.numbers[i] = packed.readInt32BE(at + 4)
    columns.nodeIds[i] = packed.readInt32BE(at + 8)
    columns.kinds[i] = kind
    columns.timesMicros[i] = packed.readInt32BE(at + 16) * TWO_32 + packed.readUInt32BE(at + 20) + MICROS_AT_2000
    const isSameSpan = i > 0 && packed.compare(packed, at - PACKED_BYTES + 24, at - PACKED_BYTES + 32, at + 24, at + 32) === 0
    columns.spans.push(isSameSpan ? (columns.spans[i - 1] ?? '') : packed.toString('hex', at + 24, at + 32))
    columns.places[i] = packed.readUInt32BE(at + 32) * TWO_16 + packed.readUInt16BE(at + 36)
    columns.details.push(DETAILED_KINDS.includes(kind) ? (carried[next++] ?? null) : null)
  }
  return columns
}

/** As PostgreSQL writes a tid. */
export function rowPlace(place: number): string {
  return `(${Math.floor(place / TWO_16)},${place % TWO_16})`
}
