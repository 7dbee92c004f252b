import type { SessionEvents, SessionRow } from '@groundtrack/collector/api'
import { useMemo } from 'react'
import { useFoundRows, type RowOrder, type SessionRows } from '../../api/session-rows'
import { findCause } from '../../lib/find-cause'
import { lineName } from '../../lib/event-link'
import type { Story } from '../../lib/session-story'
import { isFault } from '../../lib/visible-rows'

/** A line that can be gone to. */
export interface LineTarget {
  position: number
  name: string
}

interface LineTargetsInput {
  id: string
  order: RowOrder
  version: string
  story: Story
  lines: SessionRows
  found: SessionEvents | undefined
  /** Where steps open is wanted too. */
  onlyMatches: boolean
}

/** Where the errors, the matches and the cause are. Of a session too large to hold, the collector says where its errors are. */
export function useLineTargets({ id, order, version, story, lines, found, onlyMatches }: LineTargetsInput) {
  const far = useFoundRows(id, order, version, 'level:>=error', lines.total > 0 && !lines.complete)
  const farOpenings = useFoundRows(id, order, version, 'kind:open', onlyMatches && lines.total > 0 && !lines.complete)
  const places = useMemo(() => placesOf(lines.rows), [lines.rows])
  const matches = useMemo(() => targetsOf(found, places), [found, places])
  const openings = useMemo(
    () =>
      lines.complete
        ? lines.rows.flatMap((row, position) => (row?.kind === 'open' ? [{ position, name: lineName(row) }] : []))
        : targetsOf(farOpenings.data, places),
    [lines.complete, lines.rows, farOpenings.data, places],
  )
  const faults = useMemo(
    () =>
      lines.complete
        ? lines.rows.flatMap((row, position) => (row && isFault(row) ? [{ position, name: lineName(row) }] : []))
        : targetsOf(far.data, places),
    [lines.complete, lines.rows, far.data, places],
  )
  const cause = useMemo((): LineTarget | undefined => {
    const rows = lines.complete ? lines.rows : (far.data?.items ?? [])
    const index = findCause(story, rows)
    const row = index === undefined ? undefined : rows[index]
    if (row === undefined) return undefined
    const position = lines.complete ? index : positionOf(row, places)
    return position === undefined ? undefined : { position, name: lineName(row) }
  }, [story, lines.complete, lines.rows, far.data, places])
  return { faults, matches, openings, cause }
}

/** Position of each loaded line by its name. */
function placesOf(rows: readonly (SessionRow | undefined)[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>()
  rows.forEach((row, position) => row && places.set(lineName(row), position))
  return places
}

function targetsOf(found: SessionEvents | undefined, places: ReadonlyMap<string, number>): LineTarget[] {
  return (found?.items ?? []).flatMap((row) => {
    const position = positionOf(row, places)
    return position === undefined ? [] : [{ position, name: lineName(row) }]
  })
}

function positionOf(row: SessionRow, places: ReadonlyMap<string, number>): number | undefined {
  return row.position ?? places.get(lineName(row))
}
