import type { SessionRow } from '@groundtrack/collector/api'
import { useLayoutEffect, useRef } from 'react'
import { lineName } from '../../lib/event-link'
import { indexOfPosition } from '../../lib/visible-rows'

type Rows = readonly (SessionRow | undefined)[]

/** Rows that arrive, appear or fold above what is being read must not move it: the line on top stays where it is. */
export function useAnchoredScroll(
  scroller: { current: HTMLElement | null },
  rows: Rows,
  visible: readonly number[],
  rowHeight: number,
): void {
  const before = useRef({ rows, visible })
  useLayoutEffect(() => {
    const element = scroller.current
    const then = before.current
    before.current = { rows, visible }
    if (element === null || then.visible === visible || element.scrollTop === 0) return // asking for scrollTop costs a layout
    const index = Math.floor(element.scrollTop / rowHeight)
    const position = then.visible[index]
    if (position === undefined) return
    const moved = indexOfPosition(visible, placeNow(position, then.rows, rows)) - index
    if (moved !== 0) element.scrollBy({ top: moved * rowHeight, behavior: 'instant' })
  }, [scroller, rows, visible, rowHeight])
}

/** Where a line stands now that stood at `position` before; looked for from there outwards, since lines seldom move far. */
function placeNow(position: number, before: Rows, now: Rows): number {
  const row = before[position]
  if (row === undefined || before === now) return position
  const name = lineName(row)
  const isIt = (at: number) => {
    const other = now[at]
    return other !== undefined && lineName(other) === name
  }
  for (let by = 0; position - by >= 0 || position + by < now.length; by += 1) {
    if (isIt(position + by)) return position + by
    if (isIt(position - by)) return position - by
  }
  return position
}
