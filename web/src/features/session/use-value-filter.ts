import { useMemo } from 'react'
import type { ValueFilter } from '../../components/attribute-tree'
import { hasTerm, toggleTerm } from '../../lib/query-tokens'
import type { ChangeSession } from './session-page'

/** What a click on a value does: the list shows only lines with it, or without it. The selected line stays selected. */
export function useValueFilter(q: string, selected: string | undefined, change: ChangeSession): ValueFilter {
  return useMemo(
    () => ({
      has: (term) => hasTerm(q, term),
      toggle: (term, isExcluded) => {
        const next = toggleTerm(q, term, isExcluded)
        change({ q: next === '' ? undefined : next, only: next === '' ? undefined : '1', e: selected })
      },
    }),
    [q, selected, change],
  )
}
