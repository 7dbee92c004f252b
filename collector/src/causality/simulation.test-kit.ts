import fc from 'fast-check'
import type { CausalEvent } from './event.js'

/** What one process does within a session. */
export interface Work {
  node: number
  steps: Step[]
  /** `crash`: it stops without a close, and its caller learns nothing of it. */
  end: 'ok' | 'error' | 'crash'
}
export type Step = { do: 'log' } | { do: 'call'; work: Work; answer: 'awaited' | 'later' | 'never'; joins: 1 | 2 }

export interface Simulated {
  events: CausalEvent[]
  /** Direct causes of each event by id: what truly happened. */
  causes: Map<string, string[]>
}

const CAST = ['storefront', 'cart', 'checkout', 'payments', 'inventory', 'mailer']
const START_MICROS = Date.parse('2026-01-15T12:00:00Z') * 1_000

export const works: fc.Arbitrary<Work> = fc.letrec<{ work: Work; step: Step }>((tie) => ({
  work: fc.record({
    node: fc.nat(CAST.length - 1),
    steps: fc.array(tie('step'), { maxLength: 4, depthIdentifier: 'work' }),
    end: fc.constantFrom('ok', 'ok', 'error', 'crash'),
  }),
  step: fc.oneof(
    { depthSize: 'small', maxDepth: 4, depthIdentifier: 'work' },
    fc.record({ do: fc.constant('log' as const) }),
    fc.record({
      do: fc.constant('call' as const),
      work: tie('work'),
      answer: fc.constantFrom('awaited' as const, 'later' as const, 'never' as const),
      joins: fc.constantFrom(1 as const, 1 as const, 1 as const, 2 as const),
    }),
  ),
})).work

/** Clock error of each node, up to 5 s either way, coarse enough for equal times to happen. */
export const skews: fc.Arbitrary<number[]> = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: CAST.length, maxLength: CAST.length })

interface Ended {
  micros: number
  /** Undefined where it crashed. */
  callee: { span: string; last: number } | undefined
  lastId: string
}

/** Lets the work run: calls, forks, fails, crashes and joins one context twice, each node with its own wrong clock. */
export function simulate(root: Work, skew: readonly number[]): Simulated {
  const events: CausalEvent[] = []
  const causes = new Map<string, string[]>()
  let spans = 0
  let calls = 0

  const run = (work: Work, from: number, path: number[], sent?: { call: string; id: string }): Ended => {
    const span = (++spans).toString(16).padStart(16, '0')
    const node = CAST[work.node] ?? 'storefront'
    let micros = from
    let number = 0
    let previous = sent?.id
    const add = (fields: Partial<CausalEvent> & { kind: CausalEvent['kind'] }, alsoAfter?: string): string => {
      micros += 1_000
      const id = `${span}:${++number}`
      const timeMicros = START_MICROS + micros + (skew[work.node] ?? 0) * 100_000
      events.push({ id, span, number, timeMicros, node, path, ...fields })
      causes.set(
        id,
        [previous, alsoAfter].filter((cause) => cause !== undefined),
      )
      previous = id
      return id
    }
    const later: { call: string; ended: Ended }[] = []
    const answer = (call: string, ended: Ended) => {
      micros = Math.max(micros, ended.micros)
      add({ kind: 'return', call, ...(ended.callee && { callee: ended.callee }) }, ended.callee && ended.lastId)
    }

    add({ kind: 'open', ...(sent && { parent: sent.call, call: sent.call }) })
    for (const step of work.steps) {
      if (step.do === 'log') {
        add({ kind: 'log' })
        continue
      }
      const call = `c${(++calls).toString(16).padStart(15, '0')}`
      const id = add({ kind: 'call', call })
      const runs = Array.from({ length: step.joins }, () => run(step.work, micros + 1_000, [...path, number], { call, id }))
      const ended = runs[0]
      if (ended && step.answer === 'awaited') answer(call, ended)
      if (ended && step.answer === 'later') later.push({ call, ended })
    }
    for (const { call, ended } of later) answer(call, ended)
    if (work.end === 'crash') return { micros, callee: undefined, lastId: '' }
    const lastId = add({ kind: 'close' })
    return { micros, callee: { span, last: number }, lastId }
  }

  run(root, 0, [])
  return { events, causes }
}

/** Everything that happened before each event, by transitive closure: slow, plain, and nothing like the code it checks. */
export function closeOver(causes: ReadonlyMap<string, readonly string[]>): Map<string, Set<string>> {
  const closed = new Map<string, Set<string>>()
  for (const [id, direct] of causes) closed.set(id, new Set(direct))
  for (let changed = true; changed;) {
    changed = false
    for (const past of closed.values()) {
      for (const cause of past) {
        for (const earlier of closed.get(cause) ?? []) {
          if (past.has(earlier)) continue
          past.add(earlier)
          changed = true
        }
      }
    }
  }
  return closed
}

/** What the events that arrived prove of each other, read off their clocks, calls and returns pair by pair. */
export function provenCauses(events: readonly CausalEvent[]): Map<string, string[]> {
  const numberOf = (event: CausalEvent) => event.number ?? 0
  const key = (path: readonly number[] | undefined) => (path ?? []).join('.')
  const hopsWithPath = new Map<string, Set<string>>()
  for (const event of events) {
    const hops = hopsWithPath.get(key(event.path)) ?? new Set()
    hops.add(event.span ?? '')
    hopsWithPath.set(key(event.path), hops)
  }
  const openOf = new Map(events.filter((event) => event.kind === 'open').map((event) => [event.span, event]))
  const callOf = new Map(events.filter((event) => event.kind === 'call').map((event) => [event.call, event]))
  const isBefore = (a: CausalEvent, b: CausalEvent): boolean => {
    if (a.span === b.span) return numberOf(a) < numberOf(b)
    const call = callOf.get(openOf.get(b.span)?.call)
    if (call && call.span === a.span && numberOf(a) <= numberOf(call)) return true
    if (b.callee && b.callee.span === a.span && numberOf(a) <= b.callee.last) return true
    const path = b.path ?? []
    const level = a.path?.length ?? 0
    const isAncestor = level < path.length && key(path.slice(0, level)) === key(a.path)
    return isAncestor && hopsWithPath.get(key(a.path))?.size === 1 && numberOf(a) <= (path[level] ?? 0)
  }
  return new Map(events.map((b) => [b.id, events.filter((a) => a !== b && isBefore(a, b)).map((a) => a.id)]))
}
