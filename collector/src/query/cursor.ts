import { ApiError } from '../errors.js'

/** Microseconds since the epoch stay well below it. */
const GREATEST = 1e16

/** Opaque to clients: the fields a page ended with. `route` keeps a cursor of one list from being used for another. */
export function encodeCursor(route: string, fields: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([route, ...fields])).toString('base64url')
}

/** The fields of a cursor of that route, if they are of these types; else bad_cursor. */
export function decodeCursor(route: string, cursor: string, types: readonly ('string' | 'number')[]): (string | number)[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    throw new ApiError('bad_cursor')
  }
  if (!Array.isArray(parsed) || parsed.length !== types.length + 1 || parsed[0] !== route) throw new ApiError('bad_cursor')
  const fields: (string | number)[] = []
  for (const [i, type] of types.entries()) {
    const field: unknown = parsed[i + 1]
    if (typeof field !== type || (typeof field === 'number' && !(Math.abs(field) < GREATEST))) throw new ApiError('bad_cursor')
    if (typeof field === 'string' || typeof field === 'number') fields.push(field)
  }
  return fields
}
