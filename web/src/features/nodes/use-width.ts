import { useLayoutEffect, useState, type RefObject } from 'react'

/** Width of an element's content, in pixels, without what a scrollbar takes. Follows it. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const own = element.current
    if (own === null) return undefined
    const measure = () => {
      const { paddingLeft, paddingRight } = getComputedStyle(own)
      setWidth(own.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight))
    }
    measure()
    const sizes = new ResizeObserver(measure)
    sizes.observe(own)
    return () => sizes.disconnect()
  }, [element])
  return width
}
