import { FLAG, KIND_CODE, LEVEL_CODE, type Kind, type Slice } from '@groundtrack/db'
import { addError, addEvent, ERROR_LEVEL, type HopPart } from '../hop-part.js'
import { addKind } from './add-kind.js'
import { isTimeSane, type DecodeContext } from './decode-event.js'
import { countEvent, findHop, type EventSink } from './event-sink.js'
import { bytesOf, isSameText, isTextAt } from './json-bytes.js'
import { findKindField, readKindFields } from './kind-fields.js'
import type { JsonObject } from './parse-line.js'
import { newPlainLine, readPlainLine, type PlainLine } from './plain-line.js'

const LEVELS = Object.entries(LEVEL_CODE).map(([word, code]) => ({ bytes: bytesOf(word), code }))
const QUOTE = 0x22
const KINDS = Object.keys(KIND_CODE).map((word) => ({ bytes: bytesOf(word), kind: word as Kind }))

/** Decodes the plain lines of one body; `sink` and `context` are the body's. */
export class PlainDecoder {
  readonly #body: Buffer
  readonly #text: (start: number, end: number) => string
  readonly #sink: EventSink
  readonly #context: DecodeContext
  readonly #line: PlainLine = newPlainLine()
  /** The last line's hop and where its ids stand: events of one hop often follow one another. */
  #hop: HopPart | undefined
  readonly #session: Slice = { start: 0, end: 0 }
  readonly #span: Slice = { start: 0, end: 0 }

  /** `text` makes a string of bytes of the body. */
  constructor(body: Buffer, text: (start: number, end: number) => string, sink: EventSink, context: DecodeContext) {
    this.#body = body
    this.#text = text
    this.#sink = sink
    this.#context = context
  }

  /**
   * Offset of the line's end, once its event is in the sink, just as `decodeEvent` would have put it there; −1, and nothing is
   * changed, where something about the line is not plain or not right.
   */
  decode(start: number, seq: number): number {
    const line = this.#line
    const { receivedMs, retentionMs, limits } = this.#context
    if (!readPlainLine(this.#body, start, line) || line.seq !== seq || line.end - start > limits.maxEventBytes) return -1
    const kind = this.#findKind(line.kind)
    const level = this.#findLevel(line.level)
    if (kind === undefined || level === undefined || !isTimeSane(line.timeMicros / 1000, receivedMs)) return -1
    const fields = line.extraCount === 0 ? null : this.#readFields(kind, line)
    if (fields === undefined) return -1
    const hop = this.#findHop(line)
    if (hop === undefined) return -1

    this.#sink.rows.addSliced(
      {
        timeMicros: line.timeMicros,
        session: line.session,
        span: hop.span,
        seq,
        flags: line.timeMicros < (receivedMs - retentionMs) * 1000 ? FLAG.old : 0,
        level,
        kind: KIND_CODE[kind],
        clock: line.clock,
        category: line.category,
        message: line.message,
        attributes: line.attributes,
        detail: fields === null ? null : JSON.stringify(fields),
      },
      this.#body,
      line.end - start,
    )
    const number = line.clockNumbers[line.clockLength - 1] ?? null
    countEvent(this.#sink, line.timeMicros, level)
    addEvent(hop, line.timeMicros, number)
    hop.path ??= line.clockNumbers.slice(0, line.clockLength - 1)
    if (level >= ERROR_LEVEL) addError(hop, this.#text(line.message.start, line.message.end))
    if (fields !== null) addKind(hop, kind, fields, { seq, micros: line.timeMicros, number }, this.#sink)
    return line.end
  }

  #findKind({ start, end }: Slice): Kind | undefined {
    if (start === end) return 'log'
    for (const { bytes, kind } of KINDS) if (isTextAt(this.#body, start, end, bytes)) return kind
    return undefined
  }

  #findLevel({ start, end }: Slice): number | undefined {
    if (start === end) return LEVEL_CODE.info
    for (const { bytes, code } of LEVELS) if (isTextAt(this.#body, start, end, bytes)) return code
    return undefined
  }

  /** What the kind carries; undefined where a field is none of the kind's, or not as it must be. */
  #readFields(kind: Kind, line: PlainLine): JsonObject | undefined {
    const extras: JsonObject = {}
    for (let i = 0; i < line.extraCount; i++) {
      const extra = line.extras[i]
      const name = extra && findKindField(kind, this.#body, extra.key)
      if (extra === undefined || name === undefined) return undefined
      extras[name] = this.#value(extra.value)
    }
    const originals: JsonObject = {}
    const fields = readKindFields(kind, extras, originals)
    for (const _ in originals) return undefined
    return fields ?? undefined
  }

  #findHop(line: PlainLine): HopPart | undefined {
    if (this.#hop && isSameText(this.#body, this.#span, line.span) && isSameText(this.#body, this.#session, line.session)) return this.#hop
    this.#hop =
      line.span.end === line.span.start
        ? undefined
        : findHop(this.#sink, this.#text(line.session.start, line.session.end), this.#text(line.span.start, line.span.end))
    Object.assign(this.#session, line.session)
    Object.assign(this.#span, line.span)
    return this.#hop
  }

  /** A string without escapes, as most values are, is its own text. */
  #value({ start, end }: Slice): unknown {
    return this.#body[start] === QUOTE ? this.#text(start + 1, end - 1) : (JSON.parse(this.#text(start, end)) as unknown)
  }
}
