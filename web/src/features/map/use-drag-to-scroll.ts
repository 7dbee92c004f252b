import { useEffect, type RefObject } from 'react'

/** Dragging the ground moves what lies on it, as scrolling does. */
export function useDragToScroll(element: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const own = element.current
    if (own === null) return undefined
    const listening = new AbortController()
    const { signal } = listening
    let grabbed: { x: number; y: number } | undefined
    const press = (event: PointerEvent) => {
      const onButton = event.target instanceof Element && event.target.closest('button') !== null
      if (event.button === 0 && event.pointerType === 'mouse' && !onButton) grabbed = { x: event.clientX, y: event.clientY }
    }
    const move = (event: PointerEvent) => {
      if (grabbed === undefined) return
      own.scrollBy(grabbed.x - event.clientX, grabbed.y - event.clientY)
      grabbed = { x: event.clientX, y: event.clientY }
    }
    own.addEventListener('pointerdown', press, { signal })
    globalThis.addEventListener('pointermove', move, { signal })
    globalThis.addEventListener('pointerup', () => (grabbed = undefined), { signal })
    return () => listening.abort()
  }, [element])
}
