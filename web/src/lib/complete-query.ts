import type { FieldList } from '@groundtrack/collector/api'
import { term, tokenizeQuery, type QueryToken } from './query-tokens'

type Field = FieldList['items'][number]

/** Something that could stand at the caret: the expression with it, and where the caret is then. */
export interface Suggestion {
  label: string
  /** How many events of a sample have it. */
  events: number | undefined
  query: string
  caret: number
}

const SHOWN = 8

/** Fields, or values of the field, that begin as the word before the caret does. Nothing at an empty place or inside a phrase. */
export function completeQuery(query: string, caret: number, fields: readonly Field[]): Suggestion[] {
  const tokens = tokenizeQuery(query)
  const index = tokens.findIndex((token) => token.start < caret && caret <= token.start + token.text.length)
  const token = tokens[index]
  if (token === undefined) return []
  if (token.kind === 'field') return caret === token.start + token.text.length ? valuesOf(query, token, undefined, caret, fields) : []
  const field = tokens[index - 1]
  if (token.kind === 'value' && field?.kind === 'field') return valuesOf(query, field, token, caret, fields)
  return token.kind === 'word' ? namesOf(query, token, caret, fields) : []
}

function namesOf(query: string, token: QueryToken, caret: number, fields: readonly Field[]): Suggestion[] {
  const typed = query.slice(token.start, caret).toLowerCase()
  return fields
    .filter((field) => field.name.toLowerCase().startsWith(typed))
    .slice(0, SHOWN)
    .map((field) => {
      const written = term(field.name, 'x').slice(0, -1)
      return replaced(query, token.start, token.start + token.text.length, written, field.name, field.events)
    })
}

function valuesOf(query: string, field: QueryToken, value: QueryToken | undefined, caret: number, fields: readonly Field[]): Suggestion[] {
  const name = field.text.slice(0, -1).replace(/^"(.*)"$/, '$1')
  const start = value?.start ?? caret
  const operator = /^[<>=!]*/.exec(value?.text ?? '')?.[0] ?? ''
  const typed = query
    .slice(start + operator.length, caret)
    .replace(/^"/, '')
    .toLowerCase()
  const known = fields.find((each) => each.name === name)?.values ?? []
  return known
    .filter((each) => each.value.toLowerCase().startsWith(typed) && each.value.toLowerCase() !== typed)
    .slice(0, SHOWN)
    .map((each) => {
      const written = operator + term('x', each.value).slice(2)
      return replaced(query, start, start + (value?.text.length ?? 0), written, each.value, each.events)
    })
}

function replaced(query: string, from: number, to: number, written: string, label: string, events: number | undefined): Suggestion {
  return { label, events, query: query.slice(0, from) + written + query.slice(to), caret: from + written.length }
}
