import { quoteWithin, utf8Length } from './quote.js'
import { isError, isList } from './value-kinds.js'

const MAX_DEPTH = 16
const MAX_KEYS = 128
const MAX_ITEMS = 1_024
const MAX_KEY_BYTES = 128
const MAX_STRING_BYTES = 65_536
/** What a replaced or cut part may take when the budget is spent. */
const RESERVE_BYTES = 64

/**
 * Writes any value as JSON within a budget of bytes. What JSON can't hold, or the budget can't, is replaced by an object
 * with the key `$` that names the reason, and `sanitised` becomes true. User code runs only under `try`.
 */
export class ValueWriter {
  sanitised = false
  #left: number
  readonly #ancestors: unknown[] = []

  constructor(maxBytes: number) {
    this.#left = maxBytes
  }

  /** JSON text; empty for undefined, which has no place in JSON. */
  write(value: unknown, depth: number): string {
    switch (typeof value) {
      case 'string':
        return this.#string(value)
      case 'number':
        if (value - value !== 0) return this.#lossy(`"${value}"`)
        return this.#spend(String(value))
      case 'boolean':
        return this.#spend(String(value))
      case 'bigint':
        return this.#bigint(value)
      case 'undefined':
        return ''
      case 'function':
      case 'symbol':
        return this.#replaced(typeof value)
      case 'object':
        return value === null ? this.#spend('null') : this.#guarded(value, depth)
    }
  }

  #guarded(value: object, depth: number): string {
    if (this.#left < RESERVE_BYTES) return this.#replaced('too_large')
    if (this.#ancestors.includes(value)) return this.#replaced('cycle')
    if (depth >= MAX_DEPTH) return this.#replaced('depth')
    const level = this.#ancestors.push(value)
    try {
      return this.#object(value, depth)
    } catch {
      return this.#replaced('threw')
    } finally {
      this.#ancestors.length = level - 1
    }
  }

  #object(value: object, depth: number): string {
    if (value instanceof Date) {
      return Number.isNaN(Date.prototype.getTime.call(value))
        ? this.#replaced('date')
        : this.#string(Date.prototype.toISOString.call(value))
    }
    if (isError(value)) return this.#error(value, depth)
    if (ArrayBuffer.isView(value)) return this.#replaced('bytes', value.byteLength)
    if (value instanceof ArrayBuffer) return this.#replaced('bytes', value.byteLength)
    if (value instanceof Map) return this.#pairs(mapPairs(value), depth)
    if (value instanceof Set) return this.#items(Set.prototype.values.call(value), depth)
    if (isList(value)) return this.#items(listItems(value), depth)
    if (value instanceof RegExp) return this.#string(RegExp.prototype.toString.call(value))
    const toJson: unknown = (value as { toJSON?: unknown }).toJSON
    if (typeof toJson === 'function') return this.#converted(toJson.call(value), value, depth)
    return this.#pairs(ownPairs(value, Object.keys(value)), depth)
  }

  /** What toJSON gave is written as it is: an object that answers with itself must not run in circles. */
  #converted(answer: unknown, value: object, depth: number): string {
    if (answer === value) return this.#pairs(ownPairs(value, Object.keys(value)), depth)
    return this.write(answer, depth + 1) || this.#spend('null')
  }

  #error(error: Error, depth: number): string {
    const keys = ['name', 'message', 'stack', 'cause', ...Object.keys(error)]
    return this.#pairs(ownPairs(error, [...new Set(keys)]), depth)
  }

  #pairs(pairs: Iterable<[string, () => unknown]>, depth: number): string {
    let text = ''
    let count = 0
    this.#left -= 2
    for (const [key, read] of pairs) {
      if (count >= MAX_KEYS || this.#left < RESERVE_BYTES) {
        text += `${text === '' ? '' : ','}"$":"too_large"`
        this.#lossy('')
        break
      }
      const json = this.#read(read, depth)
      if (json === '') continue
      const name = quoteWithin(key, MAX_KEY_BYTES)
      if (name.cut) this.#lossy('')
      this.#left -= utf8Length(name.json) + 2
      text += `${count === 0 ? '' : ','}${name.json}:${json}`
      count++
    }
    return `{${text}}`
  }

  #read(read: () => unknown, depth: number): string {
    let value: unknown
    try {
      value = read()
    } catch {
      return this.#replaced('threw')
    }
    return this.write(value, depth + 1)
  }

  #items(items: Iterable<unknown>, depth: number): string {
    let text = ''
    let count = 0
    this.#left -= 2
    for (const item of items) {
      const full = count >= MAX_ITEMS || this.#left < RESERVE_BYTES
      const json = full ? this.#replaced('too_large') : this.write(item, depth + 1) || this.#spend('null')
      text += count === 0 ? json : `,${json}`
      count++
      this.#left--
      if (full) break
    }
    return `[${text}]`
  }

  #string(text: string): string {
    if (this.#left < RESERVE_BYTES) return this.#replaced('too_large')
    const { json, cut } = quoteWithin(text, Math.min(MAX_STRING_BYTES, Math.max(RESERVE_BYTES, this.#left)))
    if (cut) this.sanitised = true
    return this.#spend(json)
  }

  /** Digits as text. A number of more than 1,024 bits is not printed: that takes time that grows with its square. */
  #bigint(value: bigint): string {
    const beyond = BigInt.asIntN(1024, value) !== value
    return beyond ? this.#replaced('bigint') : this.#lossy(`"${value}"`)
  }

  #replaced(reason: string, length?: number): string {
    return this.#lossy(length === undefined ? `{"$":"${reason}"}` : `{"$":"${reason}","length":${length}}`)
  }

  #lossy(json: string): string {
    this.sanitised = true
    return this.#spend(json)
  }

  #spend(json: string): string {
    this.#left -= utf8Length(json)
    return json
  }
}

function* ownPairs(value: object, keys: readonly string[]): Iterable<[string, () => unknown]> {
  for (const key of keys) yield [key, () => (value as Record<string, unknown>)[key]]
}

function* mapPairs(map: Map<unknown, unknown>): Iterable<[string, () => unknown]> {
  for (const [key, value] of Map.prototype.entries.call(map)) {
    const name = typeof key === 'object' || typeof key === 'function' ? `[${typeof key}]` : String(key)
    yield [name, () => value]
  }
}

function* listItems(list: readonly unknown[]): Iterable<unknown> {
  const length = Number(list.length) || 0
  for (let i = 0; i < length; i++) {
    let item: unknown
    try {
      item = list[i]
    } catch {
      item = THREW
    }
    yield item
  }
}

const THREW: unknown = Object.freeze({ $: 'threw' })
