import fc from 'fast-check'
import type { CausalEvent } from './event.js'

/** How a process speaks: with our SDK; with the MDK, whose sends take a number but leave no event; or in plain OpenTelemetry, without numbers. */
export type Wire = 'native' | 'mdk' | 'otel'

/** What one process does within a session. */
export interface Work {
  node: number
  wire: Wire
  steps: Step[]
  /** `crash`: it stops without a close, and its caller learns nothing of it. */
  end: 'ok' | 'error' | 'crash'
}
export interface Send {
  do: 'call'
  work: Work
  /** `later`: in the background; `never`: nothing comes back. */
  answer: 'awaited' | 'later' | 'never'
  /** How many processes take up the same headers. */
  joins: 1 | 2
  /** Attempts before it that timed out: nobody got them, or somebody did and worked in vain. */
  retry: 'none' | 'lost' | 'in_vain'
}
export type Step = { do: 'log' } | Send

export interface Simulated {
  events: CausalEvent[]
  /** Direct causes of each event by id: what truly happened. */
  causes: Map<string, string[]>
  /** True time of each event by id, microseconds since the session began. */
  trueMicros: Map<string, number>
  wireOf: Map<string, Wire>
}

/** A clock that is set while the session runs. */
export interface ClockSet {
  node: number
  /** True time. */
  atMicros: number
  byMicros: number
}

export const CAST = ['storefront', 'cart', 'checkout', 'payments', 'inventory', 'mailer']
const START_MICROS = Date.parse('2026-01-15T12:00:00Z') * 1_000

interface Habits {
  wires: readonly Wire[]
  ends: readonly Work['end'][]
  joins: readonly Send['joins'][]
  retries: readonly Send['retry'][]
}

/** Work of any shape, no deeper than four calls. The first of each list is what shrinking leads to. */
export function worksOf({ wires, ends, joins, retries }: Habits): fc.Arbitrary<Work> {
  return fc.letrec<{ work: Work; step: Step }>((tie) => ({
    work: fc.record({
      node: fc.nat(CAST.length - 1),
      wire: fc.constantFrom(...wires),
      steps: fc.array(tie('step'), { maxLength: 4, depthIdentifier: 'work' }),
      end: fc.constantFrom(...ends),
    }),
    step: fc.oneof(
      { depthSize: 'small', maxDepth: 4, depthIdentifier: 'work' },
      fc.record({ do: fc.constant('log' as const) }),
      fc.record({
        do: fc.constant('call' as const),
        work: tie('work'),
        answer: fc.constantFrom('awaited' as const, 'later' as const, 'never' as const),
        joins: fc.constantFrom(...joins),
        retry: fc.constantFrom(...retries),
      }),
    ),
  })).work
}

const ENDS = ['ok', 'ok', 'error', 'crash'] as const
/** Native processes that call, fork, retry, fail and crash; one context is joined twice now and then. */
export const works = worksOf({ wires: ['native'], ends: ENDS, joins: [1, 1, 1, 2], retries: ['none', 'none', 'lost', 'in_vain'] })
/** The same with MDK and OpenTelemetry peers among them. */
export const mixedWorks = worksOf({
  wires: ['native', 'native', 'native', 'mdk', 'otel'],
  ends: ENDS,
  joins: [1, 1, 1, 2],
  retries: ['none', 'none', 'lost', 'in_vain'],
})
/** Nothing goes wrong but errors, and every hop has a clock of its own. */
export const pureWorks = worksOf({ wires: ['native'], ends: ['ok', 'error'], joins: [1], retries: ['none', 'lost'] })

/** Clock error of each node, up to 5 s either way, coarse enough for equal times to happen. */
export const skews: fc.Arbitrary<number[]> = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: CAST.length, maxLength: CAST.length })

/** How far a node's clock is ahead at a true time, microseconds. */
export function clockError(skew: readonly number[], node: number, trueMicros: number, sets: ClockSet | readonly ClockSet[] = []): number {
  let error = (skew[node] ?? 0) * 100_000
  for (const set of [sets].flat()) if (set.node === node && trueMicros >= set.atMicros) error += set.byMicros
  return error
}

interface Ended {
  micros: number
  /** Undefined where it crashed, and for wires that answer without a clock. */
  callee: { span: string; last: number } | undefined
  lastId: string
}

/** What arrives with a request, and the events that it proves to be earlier. */
interface Received {
  /** Of the sender. */
  wire: Wire
  path: number[]
  parent?: string
  call?: string
  causes: string[]
}

/** Lets the work run: each node with its own wrong clock, true time known to nobody. */
export function simulate(root: Work, skew: readonly number[], sets: ClockSet | readonly ClockSet[] = []): Simulated {
  const events: CausalEvent[] = []
  const causes = new Map<string, string[]>()
  const trueMicros = new Map<string, number>()
  const wireOf = new Map<string, Wire>()
  let spans = 0
  let calls = 0

  const run = (work: Work, from: number, received: Received): Ended => {
    // Neither passes on what the other one sends: such a session would end there.
    const isStrange = work.wire !== 'native' && received.wire !== 'native' && received.wire !== work.wire
    const wire = isStrange ? 'native' : work.wire
    const isNumbered = wire !== 'otel'
    const span = (++spans).toString(16).padStart(16, '0')
    wireOf.set(span, wire)
    const node = CAST[work.node] ?? 'storefront'
    let micros = from
    let number = 0
    let place = 0
    let previous = received.causes
    const add = (fields: Partial<CausalEvent> & { kind: CausalEvent['kind'] }, alsoAfter?: string): string => {
      number++
      place++
      // From a microsecond to a millisecond, so that some trips take almost no time.
      micros += 1 + ((Number.parseInt(span, 16) * 7 + place * 3) % 5) * 250
      const id = isNumbered ? `${span}:${number}` : `${span}#${place}`
      const timeMicros = START_MICROS + micros + clockError(skew, work.node, micros, sets)
      const numbers = isNumbered ? { number, path: received.path } : { number: null }
      events.push({ id, span, timeMicros, node, ...numbers, ...fields })
      trueMicros.set(id, micros)
      causes.set(id, alsoAfter === undefined ? previous : [...previous, alsoAfter])
      previous = [id]
      return id
    }
    const parents = { ...(received.parent !== undefined && { parent: received.parent }) }
    const calledBy = { ...(received.call !== undefined && { call: received.call }) }
    const firstId = add(
      wire === 'native' ? { kind: 'open', ...parents, ...calledBy } : wire === 'otel' ? { kind: 'open', ...parents } : { kind: 'log' },
    )

    /** A call event, or what the other wires do instead; and what the peer gets. */
    const send = (): { call: string | undefined; sent: Received } => {
      if (wire === 'otel') return { call: undefined, sent: { ...received, wire, parent: span, causes: [firstId] } }
      if (wire === 'mdk') {
        number++
        return { call: undefined, sent: { wire, path: [...received.path, number], causes: previous } }
      }
      const call = `c${(++calls).toString(16).padStart(15, '0')}`
      const id = add({ kind: 'call', call })
      return { call, sent: { wire, path: [...received.path, number], parent: call, call, causes: [id] } }
    }
    const answer = (call: string | undefined, ended: Ended) => {
      micros = Math.max(micros, ended.micros)
      if (call !== undefined) add({ kind: 'return', call, ...(ended.callee && { callee: ended.callee }) }, ended.callee && ended.lastId)
    }
    const later: { call: string | undefined; ended: Ended }[] = []
    for (const each of work.steps) {
      if (each.do === 'log') {
        add({ kind: 'log' })
        continue
      }
      if (each.retry !== 'none') {
        const { call, sent } = send()
        const inVain = each.retry === 'in_vain' ? run(each.work, micros, sent).micros : micros
        answer(call, { micros: Math.min(inVain, micros + 2_500), callee: undefined, lastId: '' })
      }
      const { call, sent } = send()
      const runs = Array.from({ length: each.joins }, () => run(each.work, micros, sent))
      const ended = runs[0]
      if (ended && each.answer === 'awaited') answer(call, ended)
      if (ended && each.answer === 'later') later.push({ call, ended })
    }
    for (const { call, ended } of later) answer(call, ended)
    if (work.end === 'crash') return { micros, callee: undefined, lastId: '' }
    const lastId = add({ kind: wire === 'mdk' ? 'log' : 'close' })
    return { micros, callee: wire === 'native' ? { span, last: number } : undefined, lastId }
  }

  run(root, 0, { wire: 'native', path: [], causes: [] })
  return { events, causes, trueMicros, wireOf }
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
    if (event.number === null) continue
    const hops = hopsWithPath.get(key(event.path)) ?? new Set()
    hops.add(event.span ?? '')
    hopsWithPath.set(key(event.path), hops)
  }
  const openOf = new Map(events.filter((event) => event.kind === 'open').map((event) => [event.span, event]))
  const callOf = new Map(events.filter((event) => event.kind === 'call').map((event) => [event.call, event]))
  const isBefore = (a: CausalEvent, b: CausalEvent): boolean => {
    if (a.span === b.span) {
      if (a.number === null || b.number === null) return a.kind === 'open' || b.kind === 'close'
      return numberOf(a) < numberOf(b)
    }
    if (b.callee && b.callee.span === a.span && numberOf(a) <= b.callee.last) return true
    const open = openOf.get(b.span)
    const call = callOf.get(open?.call) ?? callOf.get(open?.parent)
    if (call && call.span === a.span && numberOf(a) <= numberOf(call)) return true
    if (a.number === null) return a.kind === 'open' && !call && b.number === null && open?.parent === a.span
    const path = b.path ?? []
    const level = a.path?.length ?? 0
    const isAncestor = b.number !== null && level < path.length && key(path.slice(0, level)) === key(a.path)
    return isAncestor && hopsWithPath.get(key(a.path))?.size === 1 && numberOf(a) <= (path[level] ?? 0)
  }
  return new Map(events.map((b) => [b.id, events.filter((a) => a !== b && isBefore(a, b)).map((a) => a.id)]))
}
