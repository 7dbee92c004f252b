import { formatDuration } from '../../../lib/format'
import { CALL_STATUS_WORDS } from '../../../lib/session-words'
import type { Message } from '../../../lib/space-time'

/** "there in 3.6 ms ± 3.9 ms · answered after 7 ms" */
export function journeyWords({ from, to, spreadMs, call }: Message): string {
  const sure = spreadMs === null ? ', or more' : spreadMs > 0 ? ` ± ${formatDuration(spreadMs)}` : ''
  const there = to === undefined ? 'never seen to arrive' : `there in ${formatDuration(Math.max(0, to.ms - from.ms))}${sure}`
  const took = formatDuration(call.endMs - call.startMs)
  const back = call.open ? CALL_STATUS_WORDS[call.view.status] : `${CALL_STATUS_WORDS[call.view.status] || 'answered'} after ${took}`
  return [there, back].filter((words) => words !== '').join(' · ')
}
