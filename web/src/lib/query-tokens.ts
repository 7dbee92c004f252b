/** A piece of a search expression, for colouring and for adding or removing terms. */
export interface QueryToken {
  kind: 'space' | 'word' | 'phrase' | 'field' | 'value' | 'operator' | 'minus' | 'paren'
  text: string
  start: number
}

const OPERATORS = new Set(['AND', 'OR', 'NOT'])

/** Splits a search expression into pieces that join to the same text. Never fails: what is wrong is the collector's to say. */
export function tokenizeQuery(query: string): QueryToken[] {
  const tokens: QueryToken[] = []
  let at = 0
  while (at < query.length) {
    const token = readToken(query, at, tokens.at(-1))
    tokens.push(token)
    at += token.text.length
  }
  return tokens
}

/** `field:value`, quoted where the value has spaces or marks of the language. */
export function term(field: string, value: string): string {
  return `${quoteIfNeeded(field)}:${quoteIfNeeded(value)}`
}

/** The expression with a term more, or as it is where the term stands there already. */
export function addTerm(query: string, added: string): string {
  if (hasTerm(query, added)) return query
  return query.trim() === '' ? added : `${query.trim()} ${added}`
}

export function removeTerm(query: string, removed: string): string {
  return splitTerms(query)
    .filter((each) => each !== removed)
    .join(' ')
}

/** The expression with a term, or with its opposite, which takes the place of the other; without it where it stood there already. */
export function toggleTerm(query: string, toggled: string, isExcluded: boolean): string {
  const [wanted, opposite] = isExcluded ? [`-${toggled}`, toggled] : [toggled, `-${toggled}`]
  return hasTerm(query, wanted) ? removeTerm(query, wanted) : both(removeTerm(query, opposite), wanted)
}

export function hasTerm(query: string, wanted: string): boolean {
  return splitTerms(query).includes(wanted)
}

/** Both expressions at once; one with OR at its top is put into parentheses. */
export function both(left: string, right: string): string {
  return [left, right]
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map((each) => (hasOpenOr(each) ? `(${each})` : each))
    .join(' ')
}

/** An OR stands outside of all parentheses. */
function hasOpenOr(query: string): boolean {
  let depth = 0
  return tokenizeQuery(query).some(({ kind, text }) => {
    if (kind === 'paren') depth += text === '(' ? 1 : -1
    return depth === 0 && kind === 'operator' && text === 'OR'
  })
}

function splitTerms(query: string): string[] {
  const terms: string[] = ['']
  for (const token of tokenizeQuery(query)) {
    if (token.kind === 'space') terms.push('')
    else terms[terms.length - 1] += token.text
  }
  return terms.filter((each) => each !== '')
}

function readToken(query: string, start: number, before: QueryToken | undefined): QueryToken {
  const space = /^\s+/.exec(query.slice(start))?.[0]
  if (space !== undefined) return { kind: 'space', text: space, start }
  const char = query.charAt(start)
  if (char === '(' || char === ')') return { kind: 'paren', text: char, start }
  const opens = before === undefined || before.kind === 'space' || before.kind === 'paren'
  if (char === '-' && opens) return { kind: 'minus', text: char, start }
  if (before?.kind === 'field') return { kind: 'value', text: readValue(query, start), start }
  const field = /^(?:"(?:[^"\\]|\\.)*"|[^\s:()"]+):/.exec(query.slice(start))?.[0]
  if (field !== undefined) return { kind: 'field', text: field, start }
  const text = readValue(query, start)
  return { kind: text.startsWith('"') ? 'phrase' : OPERATORS.has(text) ? 'operator' : 'word', text, start }
}

function readValue(query: string, start: number): string {
  return /^(?:[<>=!]*"(?:[^"\\]|\\.)*"?|[^\s()]+)/.exec(query.slice(start))?.[0] ?? query.charAt(start)
}

function quoteIfNeeded(text: string): string {
  return text !== '' && /^[\p{L}\p{N}_./@#%+-]+$/u.test(text) && !text.startsWith('-')
    ? text
    : `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`
}
