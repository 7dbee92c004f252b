import type { RefObject } from 'react'
import { useShortcuts } from './shortcuts'

/** `j` and `k` move the focus along the links or buttons that stand for rows. Enter is the browser's. */
export function useRowKeys(container: RefObject<HTMLElement | null>, selector: string): void {
  const move = (step: 1 | -1) => {
    const rows = [...(container.current?.querySelectorAll<HTMLElement>(selector) ?? [])].toSorted((a, b) => topOf(a) - topOf(b))
    const now = rows.findIndex((row) => row === document.activeElement)
    const next = now === -1 ? firstInView(rows, container.current) : rows[now + step]
    next?.focus({ preventScroll: true })
    next?.scrollIntoView({ block: 'nearest' })
  }
  useShortcuts({ j: () => move(1), k: () => move(-1) })
}

function firstInView(rows: HTMLElement[], container: HTMLElement | null): HTMLElement | undefined {
  const top = container === null ? 0 : topOf(container)
  return rows.find((row) => topOf(row) >= top)
}

function topOf(element: HTMLElement): number {
  return element.getBoundingClientRect().top
}
