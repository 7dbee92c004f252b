import type { RowOrder, SessionRows } from '../../api/session-rows'
import { PanelError } from '../../components/panel-error'
import { SkeletonRows } from '../../components/skeleton'
import type { Story } from '../../lib/session-story'
import type { TimeWindow } from '../../lib/time-axis'
import { Minimap } from './minimap'
import { StoryList } from './story-list'
import type { Folding } from './use-folding'
import type { LineTarget } from './use-line-targets'
import type { Selection } from './use-selection'

interface ListTabProps {
  story: Story
  whole: TimeWindow
  zoom: TimeWindow
  onZoom: (window: TimeWindow | undefined) => void
  selection: Selection
  lines: SessionRows
  visible: readonly number[]
  order: RowOrder
  matches: readonly LineTarget[]
  folding: Folding
}

/** The overview, and below it every line as a waterfall. */
export function ListTab({ story, whole, zoom, onZoom, selection, lines, visible, order, matches, folding }: ListTabProps) {
  return (
    <>
      <Minimap story={story} whole={whole} zoom={zoom} onZoom={onZoom} />
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
          folding={folding}
        />
      )}
    </>
  )
}
