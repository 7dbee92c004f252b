import type { SessionView } from '@groundtrack/collector/api'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useFoundRows, useSessionRows } from '../../api/session-rows'
import { PanelError } from '../../components/panel-error'
import { SkeletonRows } from '../../components/skeleton'
import { readZoom, type SessionSearch } from '../../lib/search-state'
import { headline } from '../../lib/session-words'
import { tellStory } from '../../lib/session-story'
import { wholeWindow, type TimeWindow } from '../../lib/time-axis'
import { usePageTitle } from '../../lib/use-page-title'
import { listVisible } from '../../lib/visible-rows'
import { Minimap } from './minimap'
import { SessionHead } from './session-head'
import type { ChangeSession } from './session-page'
import { SideStrip } from './side-strip'
import { StoryList } from './story-list'
import { StoryToolbar } from './story-toolbar'
import { useLineTargets } from './use-line-targets'
import { useSelection } from './use-selection'
import { useStoryKeys } from './use-story-keys'

/** A session that is there: head, list as waterfall, overview, what is selected. */
export function SessionStory({
  id,
  view,
  search,
  change,
}: {
  id: string
  view: SessionView
  search: SessionSearch
  change: ChangeSession
}) {
  const story = useMemo(() => tellStory(view), [view])
  const order = search.order ?? 'tree'
  const version = `${view.session.events} ${view.session.missing} ${view.session.outcome}`
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set())
  const lines = useSessionRows(id, order, version)
  const found = useFoundRows(id, order, version, search.q ?? '')
  const { faults, matches, cause } = useLineTargets({ id, order, version, story, lines, found: found.data })
  const selection = useSelection({ id, order, lines, wanted: search.e, fallback: matches[0]?.name ?? cause?.name, change })
  const visible = useMemo(
    () =>
      listVisible({
        story,
        rows: lines.rows,
        collapsed: order === 'tree' ? collapsed : NONE,
        showAll: search.all === '1',
        kept: selection.name,
      }),
    [story, lines.rows, collapsed, order, search.all, selection.name],
  )
  const whole = useMemo(() => wholeWindow(story.endMs - story.startMs), [story])
  const zoom = useMemo((): TimeWindow => {
    const [from, to] = readZoom(search.zoom) ?? [whole.from, whole.to]
    return { from, to }
  }, [search.zoom, whole])
  const setZoom = useCallback(
    (window: TimeWindow | undefined) => change({ zoom: window && `${window.from.toFixed(3)}-${window.to.toFixed(3)}` }),
    [change],
  )
  const fold = useCallback((span: string, folded?: boolean) => setCollapsed((now) => toggled(now, span, folded)), [])
  useStoryKeys({ story, lines, visible, selection, faults, matches, order, fold, zoom, whole, setZoom, change })
  usePageTitle(headline(story))
  const { reveal } = selection
  useEffect(() => {
    if (search.q !== undefined && matches[0]) reveal(matches[0].position)
  }, [search.q, matches, reveal])

  return (
    <>
      <SessionHead story={story} onJump={cause && (() => selection.select(cause))} />
      <StoryToolbar
        search={search}
        change={change}
        found={search.q === undefined ? undefined : found}
        matches={matches}
        selection={selection}
        faults={faults}
      />
      <div className="session-body">
        <div className="story">
          <Minimap story={story} whole={whole} zoom={zoom} onZoom={setZoom} />
          {lines.error && <PanelError error={lines.error} onRetry={lines.retry} compact />}
          {lines.isPending ? (
            <SkeletonRows count={14} height={26} />
          ) : (
            <StoryList
              story={story}
              lines={lines}
              visible={visible}
              order={order}
              window={zoom}
              selection={selection}
              matches={matches}
              collapsed={collapsed}
              onFold={fold}
            />
          )}
        </div>
        <SideStrip story={story} row={selection.row} onClose={() => selection.clear()} />
      </div>
    </>
  )
}

const NONE: ReadonlySet<string> = new Set()

function toggled(now: ReadonlySet<string>, span: string, folded = !now.has(span)): ReadonlySet<string> {
  const next = new Set(now)
  if (folded) next.add(span)
  else next.delete(span)
  return next
}
