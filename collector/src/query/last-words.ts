import { levelOf, type ProjectReader } from '@groundtrack/db'
import type { LastWords } from '../api.js'
import type { HopState } from '../causality/index.js'
import type { ExplainedSession } from './explain-session.js'
import { readBodies } from './session-rows.js'
import { formatMicros } from './time.js'

/** Of more hops that died than this, only those that began first have their last words told. */
const MAX_TOLD = 200

/** The last event known of each hop that died, by span. Reads nothing where none did. */
export async function readLastWords(
  reader: ProjectReader,
  session: ExplainedSession,
  states: ReadonlyMap<string, HopState>,
): Promise<Map<string, LastWords>> {
  const { hops } = session.graph.tree
  const last = new Map<string, number>()
  for (const { span, events } of hops) {
    const event = events.at(-1)
    if (last.size < MAX_TOLD && event !== undefined && states.get(span) === 'died') last.set(span, event)
  }
  const words = new Map<string, LastWords>()
  if (last.size === 0) return words
  const bodies = await readBodies(reader, session, last.values())
  for (const [span, index] of last) {
    const event = session.graph.events[index]
    const body = bodies.get(event?.id ?? '')
    if (!event || !body) continue
    const { level, message, timeMicros } = body
    words.set(span, { span, n: event.number, time: formatMicros(timeMicros), level: levelOf(level), message })
  }
  return words
}
