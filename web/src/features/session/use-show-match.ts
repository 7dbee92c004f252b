import { useEffect, useRef } from 'react'
import type { useFoundRows } from '../../api/session-rows'
import type { SessionSearch } from '../../lib/search-state'
import type { LineTarget } from './use-line-targets'
import type { Selection } from './use-selection'

/** Once something was looked for, the list goes to the line that the link names, else to the first match; not again when more lines arrive. */
export function useShowMatch(
  { q, only, e }: SessionSearch,
  found: ReturnType<typeof useFoundRows>,
  matches: readonly LineTarget[],
  { reveal }: Selection,
): void {
  const shown = useRef<string>(undefined)
  useEffect(() => {
    if (q === undefined) shown.current = undefined
    const search = `${only ?? ''} ${q}`
    if (q === undefined || shown.current === search || found.isPending || found.isPlaceholderData) return
    shown.current = search
    const target = e === undefined ? matches[0] : matches.find(({ name }) => name === e)
    if (target) reveal(target.position)
  }, [q, only, e, found.isPending, found.isPlaceholderData, matches, reveal])
}
