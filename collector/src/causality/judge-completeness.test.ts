import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findMissing, type Absence, type HopNumbers } from './completeness.js'
import type { CausalEvent } from './event.js'
import { buildGraph, type CausalGraph } from './graph.js'
import { judgeCompleteness } from './judge-completeness.js'
import { knownNumbers } from './known-numbers.js'
import { mixedWorks, simulate, skews, worksOf, type Wire } from './simulation.test-kit.js'

const HARMLESS = { ends: ['ok', 'error'], joins: [1], retries: ['none'] } as const
const native = worksOf({ wires: ['native'], ...HARMLESS })
const mixed = worksOf({ wires: ['native', 'mdk', 'otel'], ...HARMLESS })

function judge(events: readonly CausalEvent[], wireOf: ReadonlyMap<string, Wire>) {
  const graph = buildGraph(events)
  const isForeign = (span: string) => wireOf.get(span) !== 'native'
  const hops = knownNumbers(graph).map((hop): HopNumbers => ({ ...hop, isNative: !isForeign(hop.span), producer: 'settled' }))
  return judgeCompleteness(graph, findMissing(hops, []), isForeign)
}

describe('a simulated session', () => {
  test('is complete when everything came, and as far as known with peers of other wires among them', () => {
    fc.assert(
      fc.property(mixed, skews, (work, skew) => {
        const { events, wireOf } = simulate(work, skew)
        const { isComplete, isCompleteAsFarAsKnown, unanswered } = judge(events, wireOf)
        expect(isCompleteAsFarAsKnown).toBe(true)
        expect(isComplete).toBe([...wireOf.values()].every((wire) => wire === 'native'))
        expect(unanswered).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  test('is not complete when any one event of it is lost', () => {
    fc.assert(
      fc.property(native, skews, fc.nat(1_000), (work, skew, n) => {
        const { events, wireOf } = simulate(work, skew)
        const lost = n % events.length
        const judged = judge(
          events.filter((_, i) => i !== lost),
          wireOf,
        )
        expect(judged.isCompleteAsFarAsKnown).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  test('is not complete when a whole hop of it is lost', () => {
    fc.assert(
      fc.property(native, skews, fc.nat(1_000), (work, skew, n) => {
        const { events, wireOf } = simulate(work, skew)
        const lost = [...wireOf.keys()][n % wireOf.size]
        fc.pre(wireOf.size > 1)
        const judged = judge(
          events.filter((event) => event.span !== lost),
          wireOf,
        )
        expect(judged.isCompleteAsFarAsKnown).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  test('has each lost number in its true state and no other, as far as anything that arrived tells of it', () => {
    const fates = ['arrived', 'arrived', 'arrived', 'dropped', 'rejected', 'silent'] as const
    const producers = ['sending', 'gone', 'settled'] as const
    const stateOf = { sending: 'expected', gone: 'died', settled: 'unexplained' } as const
    fc.assert(
      fc.property(
        mixedWorks,
        skews,
        fc.array(fc.constantFrom(...fates), { minLength: 20, maxLength: 150 }),
        fc.array(fc.constantFrom(...producers), { minLength: 6, maxLength: 6 }),
        (work, skew, fateOf, producerOf) => {
          const { events, wireOf } = simulate(work, skew)
          const isNative = (span: string) => wireOf.get(span) === 'native'
          const fate = (i: number) => fateOf[i % fateOf.length] ?? 'arrived'
          const producer = (span: string) => producerOf[Number.parseInt(span, 16) % 6] ?? 'settled'
          const told = new Map<string, number>()
          const tell = (span: string, number: number) => told.set(span, Math.max(told.get(span) ?? 0, number))
          const absences: Absence[] = []
          const lost = new Map<string, string>()
          const arrived: CausalEvent[] = []
          for (const [i, event] of events.entries()) {
            const span = event.span ?? ''
            const state = fate(i)
            if (state === 'arrived' || !isNative(span)) {
              // One in four is delivered twice.
              arrived.push(event, ...(i % 4 === 0 ? [{ ...event, id: `${event.id}+` }] : []))
              tell(span, event.number ?? 0)
              if (event.callee) tell(event.callee.span, event.callee.last)
              continue
            }
            lost.set(`${span}:${event.number}`, state === 'silent' ? stateOf[producer(span)] : state)
            if (state === 'silent') continue
            absences.push({ span, from: event.number ?? 0, to: event.number ?? 0, state, reason: 'buffer_full' })
            tell(span, event.number ?? 0)
          }
          const hops = knownNumbers(buildGraph(arrived)).map((hop) => ({
            ...hop,
            isNative: isNative(hop.span),
            producer: producer(hop.span),
          }))
          const known = new Set(hops.map(({ span }) => span))
          for (const { span } of absences) {
            if (known.has(span)) continue
            known.add(span)
            hops.push({ span, numbers: [], atLeast: 0, isNative: true, producer: producer(span) })
          }
          const found = new Map<string, string>()
          for (const { span, from, to, state } of findMissing(hops, absences))
            for (let number = from; number <= to; number++) {
              expect(found.has(`${span}:${number}`)).toBe(false)
              found.set(`${span}:${number}`, state)
            }

          for (const [key, state] of found) {
            if (isNative(key.split(':')[0] ?? '')) expect([key, state]).toEqual([key, lost.get(key)])
            else expect(state).toBe('unknowable')
          }
          const surely = [...lost.keys()].filter((key) => Number(key.split(':')[1]) <= (told.get(key.split(':')[0] ?? '') ?? 0))
          expect([...found.keys()]).toEqual(expect.arrayContaining(surely))
        },
      ),
      { numRuns: 500 },
    )
  })
})

const anEvent = (span: string, number: number, fields: Partial<CausalEvent> = {}): CausalEvent => ({
  id: `${span}:${number}`,
  span,
  number,
  timeMicros: 1_768_478_400_000_000 + number,
  node: 'cart',
  kind: 'log',
  ...fields,
})
const summarise = (graph: CausalGraph) => {
  const { unanswered, unseen, unclosed, callerUnseen, foreign, ...verdict } = judgeCompleteness(graph, [], () => false)
  return {
    ...verdict,
    unanswered: unanswered.length,
    unseen,
    unclosed: unclosed.length,
    callerUnseen: callerUnseen.length,
    foreign: foreign.length,
  }
}
const WHOLE = { isComplete: true, isCompleteAsFarAsKnown: true, unanswered: 0, unseen: [], unclosed: 0, callerUnseen: 0, foreign: 0 }
const PARTIAL = { ...WHOLE, isComplete: false, isCompleteAsFarAsKnown: false }
const rootWith = (...events: CausalEvent[]) => [anEvent('a', 1, { kind: 'open' }), ...events, anEvent('a', 9, { kind: 'close' })]

describe('a session', () => {
  test.each<[string, CausalEvent[], object]>([
    ['of a root that closed is complete', rootWith(), WHOLE],
    ['without a hop is not', [], PARTIAL],
    ['with a call that nobody answered is not', rootWith(anEvent('a', 2, { kind: 'call', call: 'x' })), { ...PARTIAL, unanswered: 1 }],
    ['with a call that wants no answer is', rootWith(anEvent('a', 2, { kind: 'call', call: 'x', oneway: true })), WHOLE],
    [
      'with a call whose callee was seen is',
      rootWith(
        anEvent('a', 2, { kind: 'call', call: 'x' }),
        anEvent('b', 1, { kind: 'open', call: 'x', parent: 'x', path: [2] }),
        anEvent('b', 2, { kind: 'close', path: [2] }),
      ),
      WHOLE,
    ],
    [
      'with a return that names a hop of which nothing came is not',
      rootWith(
        anEvent('a', 2, { kind: 'call', call: 'x' }),
        anEvent('a', 3, { kind: 'return', call: 'x', callee: { span: 'b', last: 7 } }),
      ),
      { ...PARTIAL, unseen: [{ span: 'b', atLeast: 7, namedBy: 2 }] },
    ],
    ['with a hop that never closed is not', [anEvent('a', 1, { kind: 'open' })], { ...PARTIAL, unclosed: 1 }],
    [
      'with a hop whose caller was never seen is not',
      [anEvent('b', 1, { kind: 'open', parent: 'x', path: [2] }), anEvent('b', 2, { kind: 'close', path: [2] })],
      { ...PARTIAL, callerUnseen: 1 },
    ],
    [
      'that a plain OpenTelemetry caller sent is complete as far as known',
      [anEvent('b', 1, { kind: 'open', parent: 'x', path: [] }), anEvent('b', 2, { kind: 'close', path: [] })],
      { ...WHOLE, isComplete: false, foreign: 1 },
    ],
  ])('%s', (_, events, expected) => {
    expect(summarise(buildGraph(events))).toEqual(expected)
  })

  test('with an unanswered call to one of several hops of one clock can’t tell which was called', () => {
    const events = [
      ...rootWith(anEvent('a', 2, { kind: 'call', call: 'x' })),
      ...['b', 'c'].flatMap((span) => [
        anEvent(span, 1, { kind: 'open', call: 'x', parent: 'x', path: [2] }),
        anEvent(span, 2, { kind: 'call', call: `${span}x`, path: [2] }),
        anEvent(span, 3, { kind: 'close', path: [2] }),
      ]),
      anEvent('mdk', 1, { path: [2, 2] }),
    ]
    const judged = judgeCompleteness(buildGraph(events), [], (span) => span === 'mdk')
    expect(judged.unanswered).toEqual([])
    expect(judged.isCompleteAsFarAsKnown).toBe(true)
  })
})
