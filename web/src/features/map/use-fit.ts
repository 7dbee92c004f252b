import { useLayoutEffect, useState, type RefObject } from 'react'
import type { MapLayout } from '../../lib/map-layout'

/** Never larger than life by much, and never so small that nobody can read it: then the map is scrolled. */
const LARGEST = 1.25
const SMALLEST = 0.35

/** The scale at which all of the map is in view. Follows the room around it. */
export function useFit(room: RefObject<HTMLElement | null>, { width, height }: Pick<MapLayout, 'width' | 'height'>): number {
  const [size, setSize] = useState<{ width: number; height: number }>()
  useLayoutEffect(() => {
    const element = room.current
    if (element === null) return undefined
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight })
    measure()
    const sizes = new ResizeObserver(measure)
    sizes.observe(element)
    return () => sizes.disconnect()
  }, [room])
  if (size === undefined || size.width === 0) return 1
  return Math.min(LARGEST, Math.max(SMALLEST, Math.min(size.width / width, size.height / height)))
}
