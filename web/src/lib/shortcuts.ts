import { useEffect, useLayoutEffect, useRef } from 'react'

export type Shortcuts = Record<string, (event: KeyboardEvent) => void>

const SEQUENCE_MS = 1_000

/** Keys of a page: "j", "Escape", "g s". They rest while somebody types or a dialog is open. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts)
  useLayoutEffect(() => {
    latest.current = shortcuts
  })
  useEffect(() => {
    let first: { key: string; at: number } | undefined
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isBusy(event.target)) return
      const sequence = first && event.timeStamp - first.at < SEQUENCE_MS ? `${first.key} ${event.key}` : undefined
      first = event.key.length === 1 ? { key: event.key, at: event.timeStamp } : undefined
      const action = (sequence === undefined ? undefined : latest.current[sequence]) ?? latest.current[event.key]
      if (!action) return
      event.preventDefault()
      action(event)
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
}

function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open], [data-popup-open][role="dialog"]') !== null) return true
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable="true"]') !== null
}
