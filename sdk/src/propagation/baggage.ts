/** W3C Baggage: https://www.w3.org/TR/baggage/. Carries the session's properties, its deadline, its level and its routes between trusted peers. */

import { parseRoutes, type Route } from '../calls/routes.js'
import { isLevel, type Level } from '../levels.js'
import { ValueWriter } from '../value-writer.js'

export interface Baggage {
  /** Key to JSON text. */
  properties: Map<string, string>
  budgetMs?: number
  level?: Level
  /** Where calls of the session go instead of where they were meant to. */
  routes?: Route[]
  /** Members with metadata and such of ours that this version does not know: passed on as they came. */
  foreign: string[]
}

export interface Written {
  header: string
  /** Members that did not fit. */
  left: number
}

const MAX_BYTES = 4_096
/** What is read: a peer may send more than we do, but not without end. */
const MAX_READ_LENGTH = 8_192
const MAX_VALUE_BYTES = 4_096
const MAX_MEMBERS = 180
const MAX_BUDGET_MS = 2 ** 31 - 1
// What RFC 3986 and the baggage grammar leave unescaped in a key (a token) is a bit more than encodeURIComponent leaves.
const KEY = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,256}$/
const VALUE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/

/** Never throws; what is malformed is left out. `trusted`: whether properties, level and routes may steer us, else only the deadline is read. */
export function parseBaggage(header: string | undefined, trusted: boolean): Baggage {
  const baggage: Baggage = { properties: new Map(), foreign: [] }
  if (header === undefined || header.length > MAX_READ_LENGTH) return baggage
  for (const part of header.split(',').slice(0, MAX_MEMBERS)) {
    const member = part.trim()
    const at = member.indexOf('=')
    const name = member.slice(0, Math.max(0, at)).trim()
    const value = member.slice(at + 1).trim()
    if (!KEY.test(name)) continue
    if (name === 'gt-budget-ms') readBudget(baggage, value)
    else if (trusted) readTrusted(baggage, name, value, member)
  }
  return baggage
}

/** The fields of ours first, then properties, then members of others, as far as 4 KiB go. */
export function formatBaggage(ours: readonly string[], properties: ReadonlyMap<string, string>, foreign: readonly string[]): Written {
  const members = [...ours]
  for (const [key, json] of properties) members.push(`${encode(key)}=${encode(bareOf(json))}`)
  members.push(...foreign)
  let header = ''
  let left = 0
  for (const member of members) {
    const longer = header === '' ? member : `${header},${member}`
    if (longer.length > MAX_BYTES) left++
    else header = longer
  }
  return { header, left }
}

export function encode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd')).replace(/[()]/g, (sign) => (sign === '(' ? '%28' : '%29'))
}

function readBudget(baggage: Baggage, value: string): void {
  if (!/^\d{1,10}(\.\d{1,9})?$/.test(value)) return
  baggage.budgetMs = Math.min(Number(value), MAX_BUDGET_MS)
}

function readTrusted(baggage: Baggage, name: string, value: string, member: string): void {
  if (name === 'gt-level') {
    if (isLevel(value)) baggage.level = value
    return
  }
  if (name === 'gt-environment') return
  if (name === 'gt-routes') {
    const routes = parseRoutes(decode(value) ?? '')
    if (routes.length > 0) baggage.routes = routes
    return
  }
  const key = decode(name)
  const text = VALUE.test(value) ? decode(value) : undefined
  if (name.startsWith('gt-') || value.includes(';')) baggage.foreign.push(member)
  else if (key !== undefined && text !== undefined) baggage.properties.set(key, jsonOf(text))
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** The JSON that a value carries, on one line and of bounded depth; the text as a string where it is none. */
function jsonOf(text: string): string {
  const value: unknown = isJson(text) ? JSON.parse(text) : text
  return new ValueWriter(MAX_VALUE_BYTES).write(value, 0)
}

/** A string travels bare unless it would be read back as something else. */
function bareOf(json: string): string {
  if (!json.startsWith('"')) return json
  const text = String(JSON.parse(json))
  return isJson(text) ? json : text
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
