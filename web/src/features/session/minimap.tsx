import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import { formatDuration } from '../../lib/format'
import { subscribe } from '../../lib/theme'
import type { Story } from '../../lib/session-story'
import { placeOf, zoomWindow, type TimeWindow } from '../../lib/time-axis'
import { drawMinimap } from './draw-minimap'
import './minimap.css'

const CLICK = 0.004

interface MinimapProps {
  story: Story
  whole: TimeWindow
  zoom: TimeWindow
  onZoom: (window: TimeWindow | undefined) => void
}

/** The whole session at a glance. Dragging over it, or the wheel, chooses the part of the time that the bars show. */
export function Minimap({ story, whole, zoom, onZoom }: MinimapProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [drag, setDrag] = useState<{ from: number; to: number }>()
  useEffect(() => {
    const element = canvas.current
    if (element === null) return undefined
    const draw = () => drawMinimap(element, story, whole)
    const sizes = new ResizeObserver(draw) // draws once at the start too, when the page is laid out anyway
    sizes.observe(element)
    const unsubscribe = subscribe(draw)
    return () => {
      sizes.disconnect()
      unsubscribe()
    }
  }, [story, whole])
  useWheelZoom(canvas, zoom, whole, onZoom)

  const shareAt = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect()
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width))
  }
  const end = () => {
    if (drag && Math.abs(drag.to - drag.from) > CLICK) {
      const width = whole.to - whole.from
      onZoom({ from: whole.from + Math.min(drag.from, drag.to) * width, to: whole.from + Math.max(drag.from, drag.to) * width })
    }
    setDrag(undefined)
  }
  const shown = drag
    ? { left: Math.min(drag.from, drag.to), right: Math.max(drag.from, drag.to) }
    : { left: placeOf(zoom.from, whole), right: placeOf(zoom.to, whole) }
  const isZoomed = shown.left > 0.001 || shown.right < 0.999
  return (
    <div
      className="minimap"
      role="slider"
      tabIndex={0}
      aria-label="Part of the time that the bars show"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(shown.left * 100)}
      aria-valuetext={isZoomed ? `${formatDuration(zoom.from)} to ${formatDuration(zoom.to)}` : 'all of it'}
      title="Drag or turn the wheel to zoom; double click shows all of it (+ − 0)"
      onKeyDown={(event) => pan(event, zoom, whole, onZoom)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        setDrag({ from: shareAt(event), to: shareAt(event) })
      }}
      onPointerMove={(event) => {
        const to = shareAt(event)
        setDrag((now) => now && { ...now, to })
      }}
      onPointerUp={end}
      onDoubleClick={() => onZoom(undefined)}
    >
      <canvas ref={canvas} />
      <span
        className="minimap-window"
        data-zoomed={isZoomed}
        style={{ left: `${shown.left * 100}%`, width: `${(shown.right - shown.left) * 100}%` }}
      />
    </div>
  )
}

function pan(event: KeyboardEvent, zoom: TimeWindow, whole: TimeWindow, onZoom: MinimapProps['onZoom']): void {
  const by = event.key === 'ArrowRight' ? 0.2 : event.key === 'ArrowLeft' ? -0.2 : 0
  if (by === 0) return
  event.preventDefault()
  const width = zoom.to - zoom.from
  const from = Math.min(Math.max(whole.from, zoom.from + by * width), whole.to - width)
  onZoom({ from, to: from + width })
}

function useWheelZoom(
  canvas: { current: HTMLCanvasElement | null },
  zoom: TimeWindow,
  whole: TimeWindow,
  onZoom: MinimapProps['onZoom'],
): void {
  useEffect(() => {
    const element = canvas.current
    if (element === null) return undefined
    const turn = (event: WheelEvent) => {
      event.preventDefault()
      const box = element.getBoundingClientRect()
      const around = whole.from + ((event.clientX - box.left) / box.width) * (whole.to - whole.from)
      const next = zoomWindow(zoom, whole, around, event.deltaY < 0 ? 0.8 : 1.25)
      onZoom(next.to - next.from >= (whole.to - whole.from) * 0.999 ? undefined : next)
    }
    element.addEventListener('wheel', turn, { passive: false }) // React's own listener is passive and could not stop the scroll
    return () => element.removeEventListener('wheel', turn)
  }, [canvas, zoom, whole, onZoom])
}
