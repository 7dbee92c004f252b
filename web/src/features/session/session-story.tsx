import type { SessionView } from '@groundtrack/collector/api'
import { useCallback, useMemo } from 'react'
import { useFoundRows, useSessionRows } from '../../api/session-rows'
import { readZoom, type SessionSearch } from '../../lib/search-state'
import { headline } from '../../lib/session-words'
import { tellStory } from '../../lib/session-story'
import { wholeWindow, type TimeWindow } from '../../lib/time-axis'
import { usePageTitle } from '../../lib/use-page-title'
import { ListTab } from './list-tab'
import { SessionHead } from './session-head'
import { SessionNotices } from './session-notices'
import type { ChangeSession } from './session-page'
import { SideStrip } from './side-strip'
import { SpaceTimeTab } from './space-time/space-time-tab'
import { StoryToolbar } from './story-toolbar'
import { SummaryTab } from './summary-tab'
import { TAB_PANEL, tabId } from './tab-list'
import { useFolding } from './use-folding'
import { useLineTargets } from './use-line-targets'
import { useSelection } from './use-selection'
import { useShowMatch } from './use-show-match'
import { useStoryKeys } from './use-story-keys'
import { useValueFilter } from './use-value-filter'
import { useVisible } from './use-visible'

interface SessionStoryProps {
  id: string
  view: SessionView
  /** When the collector said so, epoch milliseconds. */
  seenMs: number
  search: SessionSearch
  change: ChangeSession
}

/** A session that is there: what went wrong, then the list as waterfall, the picture in space and time, or its sums. */
export function SessionStory({ id, view, seenMs, search, change }: SessionStoryProps) {
  const story = useMemo(() => tellStory(view, seenMs), [view, seenMs])
  const order = search.order ?? 'tree'
  const version = `${view.session.events} ${view.session.missing} ${view.session.outcome}`
  const lines = useSessionRows(id, order, version)
  const found = useFoundRows(id, order, version, search.q ?? '')
  const onlyMatches = search.only === '1' && search.q !== undefined
  const targets = useLineTargets({ id, order, version, story, lines, found: search.q === undefined ? undefined : found.data, onlyMatches })
  const { faults, matches, openings, cause } = targets
  const selection = useSelection({
    id,
    order,
    lines,
    wanted: search.e,
    second: search.b,
    fallback: matches[0]?.name ?? cause?.name,
    change,
  })
  const folding = useFolding(story, search.fold, change)
  const visible = useVisible({ story, lines, folding, search, matches, openings, onlyMatches, kept: selection.name })
  const whole = useMemo(() => wholeWindow(story.endMs - story.startMs), [story])
  const zoom = useMemo((): TimeWindow => {
    const [from, to] = readZoom(search.zoom) ?? [whole.from, whole.to]
    return { from, to }
  }, [search.zoom, whole])
  const setZoom = useCallback(
    (window: TimeWindow | undefined) => change({ zoom: window && `${window.from.toFixed(3)}-${window.to.toFixed(3)}` }),
    [change],
  )
  useStoryKeys({ story, lines, visible, selection, faults, matches, order, tab: search.tab, folding, zoom, whole, setZoom, change })
  usePageTitle(headline(story))
  useShowMatch(search, found, matches, selection)
  const filter = useValueFilter(search.q ?? '', selection.name, change)

  const picture = { story, whole, zoom, onZoom: setZoom, selection }
  return (
    <>
      <SessionHead story={story} onJump={cause && (() => selection.select(cause))} />
      <SessionNotices story={story} onChoose={selection.choose} />
      <StoryToolbar
        search={search}
        change={change}
        found={search.q === undefined ? undefined : found}
        matches={matches}
        selection={selection}
        faults={faults}
      />
      <div className="session-body">
        <div className="story" role="tabpanel" id={TAB_PANEL} aria-labelledby={tabId(search.tab)}>
          {search.tab === 'space-time' ? (
            <SpaceTimeTab {...picture} lines={lines} />
          ) : search.tab === 'summary' ? (
            <SummaryTab story={story} selection={selection} />
          ) : (
            <ListTab {...picture} lines={lines} visible={visible} order={order} matches={matches} folding={folding} />
          )}
        </div>
        <SideStrip {...{ id, story, lines, version, selection, folding, filter }} />
      </div>
    </>
  )
}
