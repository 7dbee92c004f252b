import type { RegistryGap, StoredNodeChange, StoredNodeState } from '@groundtrack/db'

const MINUTE_MICROS = 60_000_000
const MINUTES = 60
/** After a leave a successor is expected for that long. */
export const RESTART_MICROS = MINUTE_MICROS

type Letter = 'u' | 's' | 'g' | 'r' | '.'
const LETTERS: Readonly<Record<StoredNodeState, Letter>> = { up: 'u', stale: 's', gone: 'g' }
const RANKS: Readonly<Record<Letter, number>> = { '.': 0, u: 1, r: 2, s: 3, g: 4 }

interface Stretch {
  from: number
  to: number
  letter: Letter
}

export interface HourOfNode {
  state: StoredNodeState
  firstSeenMicros: number
  /** Within the last hour, oldest first. */
  changes: readonly StoredNodeChange[]
  /** Since then nobody can tell; Infinity where somebody can. */
  unknownSinceMicros: number
}

/** Its state in each of the last 60 minutes, oldest first: the worst of a minute wins, and what nobody could hear is a dot. */
export function drawLastHour(node: HourOfNode, gaps: readonly RegistryGap[], nowMicros: number): string {
  const from = nowMicros - MINUTES * MINUTE_MICROS
  if (node.changes.length === 0 && gaps.length === 0 && node.firstSeenMicros <= from && node.unknownSinceMicros > nowMicros)
    return LETTERS[node.state].repeat(MINUTES)
  const unknown = [...gaps, { fromMicros: node.unknownSinceMicros, toMicros: Infinity }]
  const worst: Letter[] = Array.from({ length: MINUTES }, () => '.')
  for (const stretch of unknown.reduce(cutOut, listStretches(node, from, nowMicros))) {
    const first = Math.max(0, Math.floor((stretch.from - from) / MINUTE_MICROS))
    for (let i = first; i < MINUTES && from + i * MINUTE_MICROS < stretch.to; i++)
      if (RANKS[stretch.letter] > RANKS[worst[i] ?? '.']) worst[i] = stretch.letter
  }
  return worst.join('')
}

function listStretches({ state, firstSeenMicros, changes }: HourOfNode, from: number, to: number): Stretch[] {
  const first = changes[0]
  const before = first ? first.was : state
  const stretches: Stretch[] = []
  const begin = Math.max(from, firstSeenMicros)
  if (before !== null) stretches.push({ from: begin, to: first?.micros ?? to, letter: LETTERS[before] })
  for (const [i, { micros, change, state: after }] of changes.entries()) {
    const end = changes[i + 1]?.micros ?? to
    const restarted = change === 'left' ? Math.min(end, micros + RESTART_MICROS) : micros
    if (restarted > micros) stretches.push({ from: micros, to: restarted, letter: 'r' })
    stretches.push({ from: restarted, to: end, letter: LETTERS[after] })
  }
  return stretches.filter((stretch) => stretch.to > stretch.from)
}

function cutOut(stretches: readonly Stretch[], { fromMicros, toMicros }: RegistryGap): Stretch[] {
  return stretches.flatMap((stretch) => [
    ...(stretch.from < fromMicros ? [{ ...stretch, to: Math.min(stretch.to, fromMicros) }] : []),
    ...(stretch.to > toMicros ? [{ ...stretch, from: Math.max(stretch.from, toMicros) }] : []),
  ])
}
