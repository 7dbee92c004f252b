import { FLAG } from '@groundtrack/db'
import type { RejectionCode } from '../../errors.js'
import type { IngestLimits } from '../limits.js'
import { countKeys, isStorable, mendValue, quoteLongNumbers } from './mend.js'
import type { LineScan } from './scan-line.js'

export type JsonObject = Record<string, unknown>

export interface ParsedLine {
  event: JsonObject
  /** What had to be mended: bits of event.flags. */
  flags: number
}

/** One line to an object that PostgreSQL can hold, or the reason why not. `validUtf8`: its bytes held no replacement. */
export function parseLine(
  text: string,
  bytes: number,
  scan: LineScan,
  validUtf8: boolean,
  limits: IngestLimits,
): ParsedLine | RejectionCode {
  if (bytes > limits.maxEventBytes) return 'event_too_large'
  const parsed = scan.longNumber ? parseJson(quoteLongNumbers(text)) : parseJson(text)
  let event: unknown = parsed
  let flags = validUtf8 ? 0 : FLAG.sanitised
  if (parsed === undefined && hasNonNumbers(text)) event = parseJson(quoteLongNumbers(text))
  if (!isObject(event)) return 'malformed_event'
  if (scan.depth > limits.maxDepth) return 'too_deep'
  if (scan.colons !== countKeys(event)) flags |= FLAG.duplicateKeys
  if (scan.unicodeEscapes && !isStorable(event)) {
    event = mendValue(event)
    flags |= FLAG.sanitised
  }
  if ((scan.longNumber && quoteLongNumbers(text) !== text) || parsed === undefined) flags |= FLAG.sanitised
  return isObject(event) ? { event, flags } : 'malformed_event'
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function hasNonNumbers(text: string): boolean {
  return text.includes('NaN') || text.includes('Infinity')
}
