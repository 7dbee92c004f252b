import type { SessionRow } from '@groundtrack/collector/api'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useRowPosition, type RowOrder, type SessionRows } from '../../api/session-rows'
import { lineName } from '../../lib/event-link'
import type { ChangeSession } from './session-page'
import type { LineTarget } from './use-line-targets'

export interface Selection {
  name: string | undefined
  position: number | undefined
  row: SessionRow | undefined
  /** Where the list is asked to scroll to; a new object each time. */
  revealed: { position: number } | undefined
  select: (target: LineTarget) => void
  reveal: (position: number) => void
  clear: () => void
}

interface SelectionInput {
  id: string
  order: RowOrder
  lines: SessionRows
  /** The line that the link names. */
  wanted: string | undefined
  /** Selected while the link names none: the cause, or the first match. */
  fallback: string | undefined
  change: ChangeSession
}

/** Which line is selected. The link says so; it is brought into view when the page opens and when the order changes. */
export function useSelection({ id, order, lines, wanted, fallback, change }: SelectionInput): Selection {
  const [cleared, setCleared] = useState(false)
  const [revealed, setRevealed] = useState<{ position: number }>()
  const name = wanted ?? (cleared ? undefined : fallback)
  const loaded = useMemo(() => {
    const position = name === undefined ? -1 : lines.rows.findIndex((row) => row !== undefined && lineName(row) === name)
    return position === -1 ? undefined : position
  }, [lines.rows, name])
  const asked = useRowPosition(id, order, loaded === undefined && !lines.isPending ? name : undefined)
  const position = loaded ?? asked.data?.from

  const shown = useRef<RowOrder>(undefined)
  useEffect(() => {
    if (position === undefined || lines.isStale || shown.current === order) return
    shown.current = order
    setRevealed({ position })
  }, [position, order, lines.isStale])

  const reveal = useCallback((at: number) => setRevealed({ position: at }), [])
  const select = useCallback(
    (target: LineTarget) => {
      change({ e: target.name })
      setRevealed({ position: target.position })
    },
    [change],
  )
  const clear = useCallback(() => {
    setCleared(true)
    change({ e: undefined })
  }, [change])
  return { name, position, row: position === undefined ? undefined : lines.rows[position], revealed, select, reveal, clear }
}
