import type { EventView, SessionRow } from '@groundtrack/collector/api'
import { lineName } from './event-link'

export interface WhereSet {
  node: string
  service: string
  line: string
}

/**
 * For each session property the line that gave it its last value: a `set`, else the first opening that knew it. Those that no
 * loaded line tells of are left out.
 */
export function whereSet(rows: readonly (SessionRow | undefined)[], properties: Record<string, unknown>): ReadonlyMap<string, WhereSet> {
  const opened = new Map<string, WhereSet>()
  const set = new Map<string, WhereSet>()
  for (const row of rows) {
    if (row === undefined || row.kind === 'missing') continue
    if (row.kind === 'set' && row.key !== undefined && row.key in properties && isSame(row.value, properties[row.key]))
      set.set(row.key, placeOf(row))
    if (row.kind === 'open')
      for (const name of Object.keys(row.properties ?? {})) if (name in properties && !opened.has(name)) opened.set(name, placeOf(row))
  }
  return new Map([...opened, ...set])
}

function placeOf(row: EventView): WhereSet {
  return { node: row.node, service: row.service, line: lineName(row) }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
