import { flushIdOf, type Arrival, type Frontier } from '@groundtrack/db'
import { ApiError } from '../errors.js'

/**
 * Where a tail stands, as its client knows it. `seen`: the last flush told of each writer; one that is not in it had written
 * nothing since `sinceMicros` (the collector's clock). `within`: of a flush after that, events up to this ordinal were told.
 * `history`: events up to `seen` are still being told in the order of arrival, and this was the last.
 */
export interface TailCursor {
  sinceMicros: number
  seen: ReadonlyMap<number, number>
  within?: FlushPlace
  history?: Arrival
}

export interface FlushPlace {
  writerId: number
  flushNo: number
  ordinal: number
}

/** A writer that has been idle for longer is left out of cursors: collectors' clocks agree better, and a flush takes less. */
const IDLE_MICROS = 600_000_000
const FORM =
  /^(l|h)1\.([0-9a-z]{1,12})\.((?:[0-9a-z]{1,7}-[0-9a-z]{1,11}_?)*)\.(?:([0-9a-z]{1,12})-)?(?:([0-9a-z]{1,7})-([0-9a-z]{1,11})-([0-9a-z]{1,7}))?$/
const FLUSHES = 2 ** 32
const IDS = 2 ** 31

/** The `sinceMicros` of a tail to which all of the frontier was told, and before it nothing is missing. */
export function idleBefore(frontier: Frontier): number {
  const newest = Math.max(0, ...[...frontier.values()].map(({ receivedMicros }) => receivedMicros))
  return Math.max(0, Math.floor(newest - IDLE_MICROS))
}

/** What the cursors of one flush's events have in common: everything of the frontier was told. The place of the event follows. */
export function writeFrontier(frontier: Frontier, sinceMicros: number, form: 'live' | 'history' = 'live'): string {
  const active = [...frontier].filter(([, { receivedMicros }]) => receivedMicros >= sinceMicros)
  const writers = active.map(([writerId, { flushNo }]) => `${base36(writerId)}-${base36(flushNo)}`).join('_')
  return `${form === 'live' ? 'l' : 'h'}1.${base36(sinceMicros)}.${writers}.`
}

export function writePlace({ writerId, flushNo, ordinal }: FlushPlace): string {
  return `${base36(writerId)}-${base36(flushNo)}-${base36(ordinal)}`
}

export function writeArrival(arrival: Arrival): string {
  return `${base36(arrival.receivedMicros)}-${writePlace(placeOf(arrival))}`
}

export function placeOf({ flushId, ordinal }: Pick<Arrival, 'flushId' | 'ordinal'>): FlushPlace {
  const flush = BigInt(flushId)
  return { writerId: Number(flush >> 32n), flushNo: Number(flush & 0xffffffffn), ordinal }
}

/** Null where the text has not the form of a cursor; throws bad_cursor where it has, but says what can't be. */
export function readCursor(text: string): TailCursor | null {
  const parts = FORM.exec(text)
  if (!parts) return null
  const [, form, since = '', writers = '', received, ...place] = parts
  const cursor = { sinceMicros: parse36(since, 2 ** 53), seen: readWriters(writers) }
  const [writer, flush, ordinal] = place
  const isHistory = form === 'h'
  if (isHistory !== (received !== undefined)) throw new ApiError('bad_cursor')
  if (writer === undefined || flush === undefined || ordinal === undefined) return cursor
  const within = { writerId: parse36(writer, IDS), flushNo: parse36(flush, FLUSHES), ordinal: parse36(ordinal, IDS) }
  if (received === undefined) return { ...cursor, within }
  const flushId = flushIdOf(within.writerId, within.flushNo).toString()
  return { ...cursor, history: { receivedMicros: parse36(received, 2 ** 53), flushId, ordinal: within.ordinal } }
}

function readWriters(text: string): Map<number, number> {
  const pairs = text.split('_').filter((pair) => pair !== '')
  return new Map(
    pairs.map((pair) => {
      const [id = '', no = ''] = pair.split('-')
      return [parse36(id, IDS), parse36(no, FLUSHES)]
    }),
  )
}

function base36(number: number): string {
  return number.toString(36)
}

function parse36(text: string, below: number): number {
  const number = parseInt(text, 36)
  if (!(number < below)) throw new ApiError('bad_cursor')
  return number
}
