import type { BoardNode, NodeState, RegistryHealth } from '@groundtrack/collector/api'
import { NODE_STATES } from './board-search'
import { countOf, formatCount } from './format'

export const STATE_SHAPES: Readonly<Record<NodeState, string>> = { up: '●', stale: '◐', gone: '○', restarting: '↻', unknown: '?' }

export const STATE_TIPS: Readonly<Record<NodeState, string>> = {
  up: 'It said that it is there within its time to live',
  stale: 'Silent for longer than its time to live',
  gone: 'It left, or was silent for twice its time to live',
  restarting: 'It left less than a minute ago',
  unknown: 'It never said that it is there, or nobody can tell just now',
}

const LETTERS: Readonly<Record<string, NodeState>> = { u: 'up', s: 'stale', g: 'gone', r: 'restarting' }

/** State in each minute of the last hour, the oldest first. */
export function readLastHour(lastHour: string): NodeState[] {
  return lastHour.split('').map((letter) => LETTERS[letter] ?? 'unknown')
}

/** "up for 57 min, stale for 2 min, not known for 1 min" */
export function lastHourWords(lastHour: string): string {
  const minutes = readLastHour(lastHour)
  const parts = NODE_STATES.map((state) => ({ state, count: minutes.filter((each) => each === state).length })).filter(
    ({ count }) => count > 0,
  )
  return parts.map(({ state, count }) => `${state === 'unknown' ? 'not known' : state} for ${count} min`).join(', ')
}

/** "12", "0.4", "0": sessions a second as a reader says them. */
export function formatRate(perSecond: number): string {
  if (perSecond >= 9.95) return formatCount(Math.round(perSecond))
  if (perSecond === 0) return '0'
  return perSecond < 0.05 ? '<0.1' : String(Number(perSecond.toFixed(1)))
}

/** 0.061 → "6.1 %" */
export function formatShare(share: number): string {
  if (share === 0) return '0 %'
  if (share < 0.0005) return '<0.1 %'
  const percent = share * 100
  return `${share < 1 && percent > 99.9 ? '>99.9' : percent >= 99.95 || percent >= 10 ? Math.round(percent) : Number(percent.toFixed(1))} %`
}

/** What the registry's own state means for what stands on the board. */
export function registryWords({ state, held }: RegistryHealth): { words: string; meaning: string | undefined } {
  if (state === 'healthy') return { words: 'registry healthy', meaning: undefined }
  if (state === 'grace')
    return { words: 'registry just started', meaning: 'It has not run for long enough to miss anybody: no node becomes stale or gone yet.' }
  const who = held === undefined ? 'More nodes than usual' : countOf(held, 'node')
  return {
    words: 'registry degraded',
    meaning: `${who} fell silent at once, which looks like a broken network rather than broken nodes: none of them counts as gone until that is clear.`,
  }
}

/** How many nodes are in each state. */
export function countStates(nodes: readonly Pick<BoardNode, 'state'>[]): Record<NodeState, number> {
  const counts = { up: 0, stale: 0, gone: 0, restarting: 0, unknown: 0 }
  for (const { state } of nodes) counts[state] += 1
  return counts
}
