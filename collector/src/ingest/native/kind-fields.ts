import type { Kind, Slice } from '@groundtrack/db'
import { isClock, isSessionId, isSpanId } from '../ids.js'
import { bytesOf, isTextAt } from './json-bytes.js'
import { isObject, type JsonObject } from './parse-line.js'

type Check = (value: unknown) => boolean

const STATES = ['closed', 'open', 'half_open']
const isText: Check = (value) => typeof value === 'string'
const isNumber: Check = (value) => typeof value === 'number'
const isBoolean: Check = (value) => typeof value === 'boolean'
const isAnything: Check = () => true
const isOneOf =
  (words: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && words.includes(value)
const isDerived: Check = (value) => isObject(value) && isSessionId(value['session']) && isClock(value['clock'])
const isCallee: Check = (value) => isObject(value) && isSpanId(value['span']) && isClock([value['last']])

/** The fields that each kind carries beside the common ones, and what they must be. */
const FIELDS: Readonly<Record<Kind, readonly (readonly [string, Check])[]>> = {
  log: [],
  open: [
    ['name', isText],
    ['parent', isSpanId],
    ['call', isSpanId],
    ['remainingMs', isNumber],
    ['properties', isObject],
    ['derived', isDerived],
  ],
  close: [
    ['status', isOneOf(['ok', 'error'])],
    ['reason', isText],
  ],
  call: [
    ['call', isSpanId],
    ['target', isObject],
    ['name', isText],
    ['remainingMs', isNumber],
    ['breaker', isOneOf(['closed', 'half_open'])],
    ['oneway', isBoolean],
  ],
  return: [
    ['call', isSpanId],
    ['status', isOneOf(['ok', 'error', 'timeout', 'cut'])],
    ['reason', isText],
    ['callee', isCallee],
  ],
  set: [
    ['key', isText],
    ['value', isAnything],
  ],
  breaker: [
    ['target', isObject],
    ['from', isOneOf(STATES)],
    ['to', isOneOf(STATES)],
    ['failures', isNumber],
    ['reason', isText],
    ['retestAt', isNumber],
  ],
}

const NAMES = new Map(Object.entries(FIELDS).map(([kind, fields]) => [kind, fields.map(([name]) => ({ name, bytes: bytesOf(name) }))]))

/** The name of a field of this kind, found by its bytes. */
export function findKindField(kind: Kind, source: Uint8Array, { start, end }: Slice): string | undefined {
  for (const { name, bytes } of NAMES.get(kind) ?? []) if (isTextAt(source, start, end, bytes)) return name
  return undefined
}

/** The kind's fields of an event; what isn't as it must be goes to `originals` instead. Null where there are none. */
export function readKindFields(kind: Kind, event: JsonObject, originals: JsonObject): JsonObject | null {
  let fields: JsonObject | null = null
  for (const [name, check] of FIELDS[kind]) {
    const value = event[name]
    if (value === undefined || (value === null && name !== 'value')) continue
    if (check(value)) (fields ??= {})[name] = value
    else originals[name] = value
  }
  return fields
}
