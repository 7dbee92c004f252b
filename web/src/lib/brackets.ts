import type { SessionRow } from '@groundtrack/collector/api'

export type Bracket = 'first' | 'middle' | 'last'

/** Lines that nobody can put in order are held together: the part of the bracket beside the line at this index of `visible`. */
export function bracketAt(rows: readonly (SessionRow | undefined)[], visible: readonly number[], index: number): Bracket | undefined {
  const above = tiedToAbove(rows, visible, index)
  const below = tiedToAbove(rows, visible, index + 1)
  if (above) return below ? 'middle' : 'last'
  return below ? 'first' : undefined
}

/** A line that is hidden in between would make the bracket say more than is known. */
function tiedToAbove(rows: readonly (SessionRow | undefined)[], visible: readonly number[], index: number): boolean {
  const position = visible[index]
  const before = visible[index - 1]
  if (position === undefined || before === undefined || before !== position - 1) return false
  const row = rows[position]
  return row !== undefined && row.kind !== 'missing' && row.concurrent === true
}
