import { term } from './query-tokens'

/** Names that the search language takes for itself: an attribute of that name cannot be asked for. */
const TAKEN: ReadonlySet<string> = new Set(
  'service node version environment level category kind span status message session trace name outcome duration missing services breaker over_budget'.split(
    ' ',
  ),
)
/** Longer values are read, not looked for; a whole search may have 2,000 characters. */
const LENGTH_MAX = 300

/** The search term that finds an attribute's or a property's value; undefined where none can. */
export function valueTerm(name: string, value: unknown): string | undefined {
  const isTaken = TAKEN.has(name) && !(name === 'status' && typeof value === 'number')
  if (name === '' || isTaken || name.includes('\0')) return undefined
  if (typeof value === 'number' || typeof value === 'boolean') return term(name, String(value))
  if (typeof value !== 'string' || value.length > LENGTH_MAX || /[\n\r\0]/.test(value)) return undefined
  return term(name, value)
}
