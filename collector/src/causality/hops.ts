import type { CausalEvent } from './event.js'
import type { Ranking } from './rank.js'

/** One process's stretch of a session, derived from its events. Every number is an index: `events` into the events given. */
export interface CausalHop {
  span: string
  node: string
  path: readonly number[]
  /** Its events in the hop's own order: by number, those without one put in by time. */
  events: number[]
  /** For each of its events the number reached there: its own, or that of the last numbered one before it. */
  reached: number[]
  /** Index of the open event, −1 where none was seen. */
  open: number
  close: number
  parent: string | null
  /** Id of the sending call, where the open named it. */
  call: string | null
}

export interface Hops {
  hops: CausalHop[]
  /** Position in `hops` by span. */
  bySpan: Map<string, number>
  /** Events without a span. */
  loose: number[]
}

// How many hops are made between two places to pause.
const HOPS_A_STEP = 4_096

/**
 * Groups events into hops. They are ranked by `drawn` time (microseconds); hops come out by the rank of their first event, so
 * nothing depends on the order of arrival.
 */
export function* deriveHops(events: readonly CausalEvent[], { rank, byRank }: Ranking, drawn: Float64Array): Generator<void, Hops, void> {
  const bySpan = new Map<string, number>()
  const groups: number[][] = []
  const loose: number[] = []
  for (const index of byRank) {
    const span = events[index]?.span
    if (span === undefined || span === null) {
      loose.push(index)
      continue
    }
    const h = bySpan.get(span)
    if (h === undefined) {
      bySpan.set(span, groups.length)
      groups.push([index])
    } else groups[h]?.push(index)
  }
  yield
  const hops: CausalHop[] = []
  for (const members of groups) {
    hops.push(describeHop(events[members[0] ?? 0]?.span ?? '', sortHop(events, members, rank, drawn), events))
    if (hops.length % HOPS_A_STEP === 0) yield
  }
  return { hops, bySpan, loose }
}

function describeHop(span: string, members: number[], events: readonly CausalEvent[]): CausalHop {
  const hop: CausalHop = {
    span,
    node: '',
    path: [],
    events: members,
    reached: [],
    open: -1,
    close: -1,
    parent: null,
    call: null,
  }
  let reached = 0
  for (let place = 0; place < members.length; place++) {
    const index = members[place] ?? 0
    const event = events[index]
    if (!event) continue
    if (event.number !== null) reached = event.number
    hop.reached.push(reached)
    if (hop.node === '' || (event.kind === 'open' && hop.open < 0)) hop.node = event.node
    if (hop.path.length === 0 && event.path) hop.path = event.path
    if (event.kind === 'open' && hop.open < 0) {
      hop.open = index
      hop.parent = event.parent ?? null
      hop.call = event.call ?? null
    }
    if (event.kind === 'close') hop.close = index
  }
  return hop
}

/** `members` come by rank. Numbered events go by number; the others keep their time, an open first and a close last. */
function sortHop(events: readonly CausalEvent[], members: number[], rank: Int32Array, drawn: Float64Array): number[] {
  if (isNumbered(events, members)) return members
  const numbered: number[] = []
  const others: number[] = []
  for (const index of members) {
    if (events[index]?.number === null) others.push(index)
    else numbered.push(index)
  }
  const number = (index: number) => events[index]?.number ?? 0
  numbered.sort((a, b) => number(a) - number(b) || (rank[a] ?? 0) - (rank[b] ?? 0))
  if (others.length === 0) return numbered
  const weight = (index: number) => (events[index]?.kind === 'open' ? -1 : events[index]?.kind === 'close' ? 1 : 0)
  others.sort((a, b) => weight(a) - weight(b) || (rank[a] ?? 0) - (rank[b] ?? 0))
  return numbered.length === 0 ? others : mergeByTime(drawn, numbered, others)
}

/** Whether these events stand in the order of their numbers already, as those of a steady clock do. */
function isNumbered(events: readonly CausalEvent[], members: readonly number[]): boolean {
  let last = -Infinity
  for (const index of members) {
    const number = events[index]?.number ?? null
    if (number === null || number < last) return false
    last = number
  }
  return true
}

function mergeByTime(drawn: Float64Array, numbered: number[], others: number[]): number[] {
  const time = (index: number) => drawn[index] ?? 0
  const merged: number[] = []
  let next = 0
  for (const index of numbered) {
    for (let other = others[next]; other !== undefined && time(other) < time(index); other = others[next]) {
      merged.push(other)
      next++
    }
    merged.push(index)
  }
  for (; next < others.length; next++) merged.push(others[next] ?? 0)
  return merged
}
