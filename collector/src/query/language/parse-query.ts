import type { Filter } from '@groundtrack/db'
import { makeTerm, makeWords, QuerySyntaxError, type Operator } from './terms.js'

export const MAX_QUERY_CHARACTERS = 2_000
const MAX_TERMS = 64
const MAX_DEPTH = 32

/**
 * The search language: words and "phrases", `field:value`, `field:>=500`, `field:a*`, `-term`, AND (also by standing side by
 * side), OR, parentheses; AND binds closer. Throws QuerySyntaxError with the position. Nothing at all matches everything.
 */
export function parseQuery(text: string): Filter {
  if (text.length > MAX_QUERY_CHARACTERS) throw new QuerySyntaxError(MAX_QUERY_CHARACTERS)
  const nul = text.indexOf('\0')
  if (nul >= 0) throw new QuerySyntaxError(nul)
  return new Parser(text).parse()
}

class Parser {
  readonly #text: string
  #at = 0
  #terms = 0

  constructor(text: string) {
    this.#text = text
  }

  parse(): Filter {
    this.#skipSpace()
    if (this.#isEnd()) return { all: [] }
    const filter = this.#parseOr(0)
    if (!this.#isEnd()) throw new QuerySyntaxError(this.#at)
    return filter
  }

  #parseOr(depth: number): Filter {
    const parts = [this.#parseAnd(depth)]
    while (this.#takeWord('OR')) parts.push(this.#parseAnd(depth))
    const [only] = parts
    return parts.length === 1 && only ? only : { any: parts }
  }

  #parseAnd(depth: number): Filter {
    const parts = [this.#parseUnary(depth)]
    for (;;) {
      const isExplicit = this.#takeWord('AND')
      if (!isExplicit && (this.#isEnd() || this.#peek() === ')' || this.#isWord('OR'))) break
      parts.push(this.#parseUnary(depth))
    }
    const [only] = parts
    return parts.length === 1 && only ? only : { all: parts.flatMap((part) => ('all' in part ? part.all : [part])) }
  }

  #parseUnary(depth: number): Filter {
    if (depth > MAX_DEPTH || this.#isEnd() || this.#isWord('AND') || this.#isWord('OR')) throw new QuerySyntaxError(this.#at)
    const next = this.#text[this.#at + 1]
    if (this.#peek() === '-' && next !== undefined && !isSpace(next) && next !== ')') {
      this.#at++
      const negated: Filter = { not: this.#parseUnary(depth + 1) }
      return negated
    }
    if (this.#peek() === '(') return this.#parseGroup(depth)
    if (this.#peek() === ')') throw new QuerySyntaxError(this.#at)
    return this.#parseTerm()
  }

  #parseGroup(depth: number): Filter {
    const opened = this.#at
    this.#at++
    this.#skipSpace()
    const filter = this.#parseOr(depth + 1)
    if (this.#peek() !== ')') throw new QuerySyntaxError(opened)
    this.#at++
    this.#skipSpace()
    return filter
  }

  #parseTerm(): Filter {
    const at = this.#at
    if (++this.#terms > MAX_TERMS) throw new QuerySyntaxError(at)
    const isQuoted = this.#peek() === '"'
    const text = isQuoted ? this.#readQuoted() : this.#readBare(true)
    if (this.#peek() === ':' && text !== '') {
      this.#at++
      return this.#parseValue(text, at)
    }
    if (text === '' && !isQuoted) throw new QuerySyntaxError(at)
    this.#skipSpace()
    return makeWords(isQuoted ? text : text.replace(/\*$/, ''))
  }

  #parseValue(field: string, at: number): Filter {
    const operator = this.#readOperator()
    const valueAt = this.#at
    const isQuoted = this.#peek() === '"'
    const value = isQuoted ? this.#readQuoted() : this.#readBare(false)
    if (value === '' && !isQuoted) throw new QuerySyntaxError(valueAt)
    this.#skipSpace()
    return makeTerm({ field, operator, value, isQuoted, at, valueAt })
  }

  #readOperator(): Operator {
    for (const operator of ['>=', '<=', '>', '<'] as const) {
      if (!this.#text.startsWith(operator, this.#at)) continue
      this.#at += operator.length
      return operator
    }
    return '='
  }

  #readQuoted(): string {
    const opened = this.#at++
    let value = ''
    for (let c = this.#peek(); c !== '"'; c = this.#peek()) {
      if (c === '\\') this.#at++
      if (this.#isEnd()) throw new QuerySyntaxError(opened)
      value += this.#text[this.#at++]
    }
    this.#at++
    return value
  }

  #readBare(untilColon: boolean): string {
    const from = this.#at
    for (let c = this.#peek(); c !== undefined; c = this.#peek()) {
      if (isSpace(c) || c === '(' || c === ')' || (untilColon && ((c === ':' && this.#at > from) || c === '"'))) break
      this.#at++
    }
    return this.#text.slice(from, this.#at)
  }

  #isWord(word: string): boolean {
    const after = this.#text[this.#at + word.length]
    return this.#text.startsWith(word, this.#at) && (after === undefined || isSpace(after) || after === '(' || after === ')')
  }

  #takeWord(word: string): boolean {
    if (!this.#isWord(word)) return false
    this.#at += word.length
    this.#skipSpace()
    return true
  }

  #skipSpace(): void {
    while (isSpace(this.#peek())) this.#at++
  }

  #peek(): string | undefined {
    return this.#text[this.#at]
  }

  #isEnd(): boolean {
    return this.#at >= this.#text.length
  }
}

function isSpace(c: string | undefined): boolean {
  return c !== undefined && /\s/.test(c)
}
