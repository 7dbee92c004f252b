import type { SessionRow } from '@groundtrack/collector/api'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useRowPosition, type RowOrder, type SessionRows } from '../../api/session-rows'
import { lineName } from '../../lib/event-link'
import type { ChangeSession } from './session-page'
import type { LineTarget } from './use-line-targets'

export interface Selection {
  name: string | undefined
  /** The reader, or the link, chose it; else the page did. */
  isChosen: boolean
  position: number | undefined
  row: SessionRow | undefined
  /** Where the list is asked to scroll to; a new object each time. */
  revealed: { position: number } | undefined
  select: (target: LineTarget) => void
  reveal: (position: number) => void
  clear: () => void
  /** Selects a line of which only the name is known, on whatever tab. */
  choose: (name: string) => void
  /** The line that is held against the selected one. */
  second: { name: string; position: number | undefined } | undefined
  compare: (name: string | undefined) => void
}

interface SelectionInput {
  id: string
  order: RowOrder
  lines: SessionRows
  /** The line that the link names. */
  wanted: string | undefined
  /** The second line that the link names. */
  second: string | undefined
  /** Selected while the link names none: the cause, or the first match. */
  fallback: string | undefined
  change: ChangeSession
}

/** Which line is selected. The link says so; it is brought into view when the page opens and when the order changes. */
export function useSelection({ id, order, lines, wanted, second: secondName, fallback, change }: SelectionInput): Selection {
  const [cleared, setCleared] = useState(false)
  const [revealed, setRevealed] = useState<{ position: number }>()
  const name = wanted ?? (cleared ? undefined : fallback)
  const loaded = useMemo(() => positionOf(lines, name), [lines, name])
  const secondPosition = useMemo(() => positionOf(lines, secondName), [lines, secondName])
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
    change({ e: undefined, b: undefined })
  }, [change])
  const choose = useCallback(
    (chosen: string) => {
      shown.current = undefined
      setRevealed(undefined)
      change({ e: chosen })
    },
    [change],
  )
  const compare = useCallback((other: string | undefined) => change({ e: name, b: other }), [change, name])
  return {
    name,
    isChosen: wanted !== undefined,
    position,
    row: position === undefined ? undefined : lines.rows[position],
    revealed,
    select,
    reveal,
    clear,
    choose,
    second: secondName === undefined ? undefined : { name: secondName, position: secondPosition },
    compare,
  }
}

function positionOf(lines: SessionRows, name: string | undefined): number | undefined {
  const position = name === undefined ? -1 : lines.rows.findIndex((row) => row !== undefined && lineName(row) === name)
  return position === -1 ? undefined : position
}
