import type { RowOrder, SessionRows } from '../../api/session-rows'
import { lineName } from '../../lib/event-link'
import type { Story } from '../../lib/session-story'
import { useShortcuts } from '../../lib/shortcuts'
import { zoomWindow, type TimeWindow } from '../../lib/time-axis'
import { indexOfPosition } from '../../lib/visible-rows'
import { announce } from '../../components/announcer'
import { nextTab, type SessionTab } from '../../lib/session-tabs'
import type { ChangeSession } from './session-page'
import type { Folding } from './use-folding'
import type { LineTarget } from './use-line-targets'
import type { Selection } from './use-selection'

interface StoryKeysInput {
  story: Story
  lines: SessionRows
  visible: readonly number[]
  selection: Selection
  faults: readonly LineTarget[]
  matches: readonly LineTarget[]
  order: RowOrder
  tab: SessionTab
  folding: Folding
  zoom: TimeWindow
  whole: TimeWindow
  setZoom: (window: TimeWindow | undefined) => void
  change: ChangeSession
}

/** The keys of a session's page. */
export function useStoryKeys(input: StoryKeysInput): void {
  const { lines, visible, selection, faults, matches, folding, zoom, whole, setZoom, change } = input
  const step = (by: number) => {
    const index = selection.position === undefined ? -by : indexOfPosition(visible, selection.position)
    const position = visible[Math.min(visible.length - 1, Math.max(0, index + by))]
    const row = position === undefined ? undefined : lines.rows[position]
    if (row && position !== undefined) selection.select({ position, name: lineName(row) })
  }
  const jump = (targets: readonly LineTarget[], by: 1 | -1, none: string) => {
    const target = nextTarget(targets, selection.position, by)
    if (target) selection.select(target)
    else announce(none)
  }
  const foldAt = (folded: boolean) => {
    const span = selection.row?.span
    if (input.order !== 'tree') return announce('Steps fold in the order by call')
    return span == null ? undefined : folding.foldStep(span, folded)
  }
  const foldServiceAt = (folded: boolean) => {
    const service = input.story.steps.get(selection.row?.span ?? '')?.hop.service
    if (input.order !== 'tree') return announce('Steps fold in the order by call')
    return service === undefined ? undefined : folding.foldService(service, folded)
  }
  const pin = () => {
    if (selection.name === undefined) return announce('Select a line first')
    selection.compare(selection.name)
    return announce('Now select another line to see why they stand in this order')
  }
  const zoomBy = (factor: number) => {
    const middle = (zoom.from + zoom.to) / 2
    setZoom(zoomWindow(zoom, whole, middle, factor))
  }
  useShortcuts({
    j: () => step(1),
    k: () => step(-1),
    e: () => jump(faults, 1, 'No errors in this session'),
    n: () => jump(matches, 1, 'Nothing is looked for, or nothing matches'),
    N: () => jump(matches, -1, 'Nothing is looked for, or nothing matches'),
    '[': () => foldAt(true),
    ']': () => foldAt(false),
    '{': () => foldServiceAt(true),
    '}': () => foldServiceAt(false),
    w: pin,
    t: () => change({ tab: nextTab(input.tab) }),
    '1': () => change({ order: undefined }),
    '2': () => change({ order: 'cause' }),
    '3': () => change({ order: 'clock' }),
    '+': () => zoomBy(0.5),
    '-': () => zoomBy(2),
    '0': () => setZoom(undefined),
    Escape: () => {
      if (selection.second !== undefined) selection.compare(undefined)
      else if (selection.name !== undefined) selection.clear()
      else setZoom(undefined)
    },
  })
}

/** The next target after a position, or before it; round at the end. */
function nextTarget(targets: readonly LineTarget[], position: number | undefined, by: 1 | -1): LineTarget | undefined {
  if (by === 1) return targets.find((target) => target.position > (position ?? -1)) ?? targets[0]
  return targets.findLast((target) => target.position < (position ?? Infinity)) ?? targets.at(-1)
}
