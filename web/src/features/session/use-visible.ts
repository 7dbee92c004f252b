import { useMemo } from 'react'
import type { SessionRows } from '../../api/session-rows'
import type { SessionSearch } from '../../lib/search-state'
import type { Story } from '../../lib/session-story'
import { listMatching, listVisible } from '../../lib/visible-rows'
import type { Folding } from './use-folding'
import type { LineTarget } from './use-line-targets'

interface VisibleInput {
  story: Story
  lines: SessionRows
  folding: Folding
  search: SessionSearch
  matches: readonly LineTarget[]
  openings: readonly LineTarget[]
  onlyMatches: boolean
  kept: string | undefined
}

/** Positions of the lines that are drawn: all but folded and quiet ones, or only those that match. */
export function useVisible({ story, lines, folding, search, matches, openings, onlyMatches, kept }: VisibleInput): readonly number[] {
  const order = search.order ?? 'tree'
  return useMemo(
    () =>
      onlyMatches
        ? listMatching({ story, matches, openings, order })
        : listVisible({
            story,
            rows: lines.rows,
            collapsed: order === 'tree' ? folding.spans : NONE,
            showAll: search.all === '1',
            kept,
          }),
    [onlyMatches, story, lines.rows, matches, openings, order, folding.spans, search.all, kept],
  )
}

const NONE: ReadonlySet<string> = new Set()
