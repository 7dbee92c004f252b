import { useEffect, useState, type RefObject } from 'react'

/** Width of the room around an element, and its own height, in pixels; follows both. */
export function useSize(element: RefObject<HTMLElement | null>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 })
  useEffect(() => {
    const own = element.current
    const room = own?.closest('.space-time-scroll')
    if (own === null || room == null) return undefined
    const measure = () => setSize({ width: room.clientWidth, height: own.clientHeight })
    measure()
    const sizes = new ResizeObserver(measure)
    sizes.observe(own)
    sizes.observe(room)
    return () => sizes.disconnect()
  }, [element])
  return size
}
