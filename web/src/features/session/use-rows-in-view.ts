import { useLayoutEffect, useState } from 'react'

/** Rows drawn above and below what is in view. */
const SPARE = 20
/** The range moves by so many rows at once, so that not every turn of the wheel draws anew. */
const STEP = 4

export interface RowRange {
  first: number
  /** The one after the last. */
  end: number
}

/** Which of `count` equally high rows are to be drawn. Before anything is measured: those that a window as high as the page would show. */
export function useRowsInView(scroller: { current: HTMLElement | null }, count: number, rowHeight: number): RowRange {
  const [view, setView] = useState(() => ({ first: 0, rows: Math.ceil(innerHeight / rowHeight) }))
  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return undefined
    const look = () => {
      const first = Math.floor(element.scrollTop / rowHeight / STEP) * STEP
      const rows = Math.ceil(element.clientHeight / rowHeight)
      setView((now) => (now.first === first && now.rows === rows ? now : { first, rows }))
    }
    const sizes = new ResizeObserver(look) // looks once at the start, too
    sizes.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      sizes.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [scroller, rowHeight])
  const first = Math.max(0, Math.min(view.first, count - view.rows) - SPARE)
  return { first, end: Math.min(count, Math.max(0, view.first) + view.rows + STEP + SPARE) }
}
