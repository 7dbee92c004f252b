import { quote, quoteWithin } from './quote.js'
import { isError, isList, isPlainObject, readProperty } from './value-kinds.js'
import { ValueWriter } from './value-writer.js'

const MAX_MESSAGE_BYTES = 65_536
const MAX_CATEGORY_BYTES = 256
const MAX_ATTRIBUTES = 128
const MAX_KEY_LENGTH = 128
/** Room for the attributes of one event; with message and frame it stays below the collector's 256 KiB an event. */
const MAX_ATTRIBUTES_BYTES = 131_072
const FAST_STRING_LENGTH = 8_192
const MAX_CACHED_KEYS = 1_024

/**
 * Turns what the user logs into JSON text, whatever it is. Never throws, never recurses deeper than 16, and calls user
 * code (getters, toJSON, proxies) only under `try`. Plain attributes take a path without the checks: cost in sdk/bench.
 */
export class Serializer {
  /** `"key":` of keys seen before. */
  readonly #keys = new Map<string, string>()
  readonly #categories = new Map<string, string>()

  /** The end of an event line: category, message, attributes and the closing brace. */
  content(category: unknown, message: unknown, attributes: unknown): string {
    try {
      const plain = this.#plainContent(category, message, attributes)
      if (plain !== undefined) return plain
    } catch {
      // A getter or a proxy threw: the slow way asks for each value under its own `try`.
    }
    try {
      return slowContent(category, message, attributes)
    } catch {
      return ',"message":"[unserialisable]","sanitised":true}'
    }
  }

  /** Any value as bounded JSON text. */
  value(value: unknown, maxBytes: number): string {
    try {
      return new ValueWriter(maxBytes).write(value, 0) || 'null'
    } catch {
      return '{"$":"unserialisable"}'
    }
  }

  #plainContent(category: unknown, message: unknown, attributes: unknown): string | undefined {
    if (typeof category !== 'string' || typeof message !== 'string' || message.length > FAST_STRING_LENGTH) return undefined
    const start = this.#category(category) + quote(message)
    if (attributes === undefined) return start + '}'
    const plain = this.#plainAttributes(attributes)
    return plain === undefined ? undefined : start + plain
  }

  #category(category: string): string {
    const known = this.#categories.get(category)
    if (known !== undefined) return known
    const text = `,"category":${quoteWithin(category, MAX_CATEGORY_BYTES).json},"message":`
    if (this.#categories.size < MAX_CACHED_KEYS && category.length <= MAX_KEY_LENGTH) this.#categories.set(category, text)
    return text
  }

  /** undefined: not plain, take the slow way. */
  #plainAttributes(attributes: unknown): string | undefined {
    if (attributes === null || typeof attributes !== 'object') return undefined
    const prototype: unknown = Object.getPrototypeOf(attributes)
    if (prototype !== Object.prototype && prototype !== null) return undefined
    let text = ''
    let count = 0
    let length = 0
    for (const key in attributes) {
      if (!Object.hasOwn(attributes, key)) continue
      const value: unknown = (attributes as Record<string, unknown>)[key]
      let json: string
      if (typeof value === 'string') {
        length += value.length
        if (length > FAST_STRING_LENGTH) return undefined
        json = quote(value)
      } else if (typeof value === 'number') {
        if (value - value !== 0) return undefined
        json = '' + value
      } else if (value === true) json = 'true'
      else if (value === false) json = 'false'
      else if (value === null) json = 'null'
      else return undefined
      if (++count > MAX_ATTRIBUTES) return undefined
      const name = this.#keys.get(key) ?? this.#key(key)
      if (name === undefined) return undefined
      text = count === 1 ? name + json : text + ',' + name + json
    }
    return count === 0 ? '}' : ',"attributes":{' + text + '}}'
  }

  #key(key: string): string | undefined {
    if (key.length > MAX_KEY_LENGTH) return undefined
    const text = quote(key) + ':'
    if (this.#keys.size < MAX_CACHED_KEYS) this.#keys.set(key, text)
    return text
  }
}

function slowContent(category: unknown, message: unknown, attributes: unknown): string {
  const writer = new ValueWriter(MAX_ATTRIBUTES_BYTES)
  const { text, attributes: all } = messageOf(message, attributes, writer)
  const named = quoteWithin(textOf(category, writer), MAX_CATEGORY_BYTES)
  const said = quoteWithin(text, MAX_MESSAGE_BYTES)
  const body = all === undefined || all === null ? '' : writer.write(asObject(all), 0)
  const sanitised = named.cut || said.cut || writer.sanitised ? ',"sanitised":true' : ''
  const tail = body === '' || body === '{}' ? '' : `,"attributes":${body}`
  return `,"category":${named.json},"message":${said.json}${sanitised}${tail}}`
}

/** An error given as the message speaks for itself, and goes whole into the attributes. */
function messageOf(message: unknown, attributes: unknown, writer: ValueWriter): { text: string; attributes: unknown } {
  if (!isError(message)) return { text: textOf(message, writer), attributes }
  const text = textOf(readProperty(message, 'message'), writer)
  if (attributes === undefined || attributes === null) return { text, attributes: { error: message } }
  return { text, attributes: isPlainObject(attributes) ? { error: message, ...copyOf(attributes) } : attributes }
}

function textOf(value: unknown, writer: ValueWriter): string {
  if (typeof value === 'string') return value
  if (value === undefined || value === null) return ''
  return writer.write(value, 1)
}

function asObject(attributes: unknown): unknown {
  if (typeof attributes !== 'object' || attributes === null) return { value: attributes }
  if (isError(attributes)) return { error: attributes }
  return isList(attributes) ? { value: attributes } : attributes
}

function copyOf(attributes: object): object {
  try {
    return { ...attributes }
  } catch {
    return { attributes: { $: 'threw' } }
  }
}
