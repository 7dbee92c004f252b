import { levelOf, listLastWords, type EventKey, type ProjectReader } from '@groundtrack/db'
import type { LastWords } from '../api.js'
import type { HopState } from '../causality/index.js'
import type { ExplainedSession } from './explain-session.js'
import { eventId } from './present-event.js'
import { formatMicros } from './time.js'

/** All last words of a session together, however many hops died: what one of them may say is its share, and at most MAX_CHARACTERS. */
const MAX_TOLD_CHARACTERS = 4 * 1024 * 1024
const MAX_CHARACTERS = 8_192
/** Of no more hops than are listed at once. */
const MAX_HOPS = 20_000

/** The last event known of each hop that died, by span. Reads nothing where none did. */
export async function readLastWords(
  reader: ProjectReader,
  { graph, rows, bounds }: ExplainedSession,
  states: ReadonlyMap<string, HopState>,
): Promise<Map<string, LastWords>> {
  const last = new Map<string, { span: string; n: number | null }>()
  const keys: EventKey[] = []
  for (const { span, events } of graph.tree.hops) {
    const index = events.at(-1) ?? -1
    const event = graph.events[index]
    const row = rows[index]
    if (!event || !row || states.get(span) !== 'died' || keys.length === MAX_HOPS) continue
    last.set(event.id, { span, n: event.number })
    keys.push({ flushId: row.flushId, ordinal: row.ordinal })
  }
  const words = new Map<string, LastWords>()
  if (keys.length === 0) return words
  const maxCharacters = Math.min(MAX_CHARACTERS, Math.floor(MAX_TOLD_CHARACTERS / keys.length))
  for (const { flushId, ordinal, timeMicros, level, message, isCut } of await listLastWords(reader, bounds, keys, maxCharacters)) {
    const hop = last.get(eventId(flushId, ordinal))
    if (!hop) continue
    words.set(hop.span, { ...hop, time: formatMicros(timeMicros), level: levelOf(level), message, ...(isCut && { cut: true as const }) })
  }
  return words
}
