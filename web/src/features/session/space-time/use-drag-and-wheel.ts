import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react'
import { panWindow, zoomWindow, type TimeWindow } from '../../../lib/time-axis'
import { PADDING } from './layout'

interface DragInput {
  window: TimeWindow
  whole: TimeWindow
  height: number
  onDrag: (window: TimeWindow | undefined) => void
  onZoom: (window: TimeWindow | undefined) => void
}

const MOVED_PX = 4

/** Dragging moves the stretch of time that is drawn, the wheel zooms it. Returns whether the last press was a drag, not a click. */
export function useDragAndWheel(svg: RefObject<SVGSVGElement | null>, input: DragInput): () => boolean {
  const latest = useRef(input)
  const moved = useRef(false)
  useLayoutEffect(() => {
    latest.current = input
  })
  useEffect(() => {
    const element = svg.current
    if (element === null) return undefined
    const listening = new AbortController()
    const { signal } = listening
    let grabbed: { y: number; window: TimeWindow } | undefined
    let now: TimeWindow | undefined
    element.addEventListener('pointerdown', (event) => {
      moved.current = false
      if (event.button === 0) grabbed = { y: event.clientY, window: latest.current.window }
    }, { signal }) // prettier-ignore
    globalThis.addEventListener('pointermove', (event) => {
      if (grabbed === undefined || (!moved.current && Math.abs(event.clientY - grabbed.y) < MOVED_PX)) return
      moved.current = true
      const { height, whole, onDrag } = latest.current
      const perPx = (grabbed.window.to - grabbed.window.from) / Math.max(1, height - 2 * PADDING)
      now = panWindow(grabbed.window, whole, (grabbed.y - event.clientY) * perPx)
      onDrag(now)
    }, { signal }) // prettier-ignore
    globalThis.addEventListener('pointerup', () => {
      if (now !== undefined) latest.current.onZoom(now)
      latest.current.onDrag(undefined)
      grabbed = undefined
      now = undefined
    }, { signal }) // prettier-ignore
    element.addEventListener('wheel', (event) => {
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return
      event.preventDefault()
      const { window, whole, height, onZoom } = latest.current
      const share = (event.clientY - element.getBoundingClientRect().top - PADDING) / Math.max(1, height - 2 * PADDING)
      const next = zoomWindow(window, whole, window.from + share * (window.to - window.from), event.deltaY < 0 ? 0.8 : 1.25)
      onZoom(next.to - next.from >= (whole.to - whole.from) * 0.999 ? undefined : next)
    }, { signal, passive: false }) // prettier-ignore
    return () => listening.abort()
  }, [svg])
  return () => moved.current
}
