import type { FlushStamp } from './copy-events.js'
import { encodeCopyRow, formatMicros } from './copy-text.js'

/** One row of `event_count`. */
export interface EventCountRow {
  projectId: number
  nodeId: number
  minuteMicros: number
  level: number
  events: number
}

export const COPY_EVENT_COUNTS = 'COPY event_count (received_at, flush_id, project_id, node_id, minute, level, events) FROM STDIN'

export function encodeEventCount(row: EventCountRow, { received, flushId }: FlushStamp): string {
  return encodeCopyRow([received, String(flushId), row.projectId, row.nodeId, formatMicros(row.minuteMicros), row.level, row.events])
}
