import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findMissing, type Absence, type AbsenceState } from './completeness.js'
import type { CausalEvent } from './event.js'
import { buildGraph } from './graph.js'
import { knownNumbers } from './known-numbers.js'
import { judgeGap, stateOfGap, type LedgerWindow } from './ledger.js'
import { findNeighbours } from './place-missing.js'
import { CAST, mixedWorks, simulate, skews } from './simulation.test-kit.js'

/** `held`: its batch is on its way, or went with its process. `stray`: its batch was stored, it was not: a bug or a forgery. */
const fates = ['arrived', 'arrived', 'arrived', 'arrived', 'dropped', 'rejected', 'held', 'stray'] as const
const presences = ['sending', 'gone', 'settled'] as const

test('what a ledger says of lost numbers is true: what can still come is waited for, what died is not expected, what was delivered is no excuse', () => {
  const seen = new Map<string, number>()
  fc.assert(
    fc.property(
      mixedWorks,
      skews,
      fc.array(fc.constantFrom(...fates), { minLength: 20, maxLength: 150 }),
      fc.array(fc.constantFrom(...presences), { minLength: 6, maxLength: 6 }),
      fc.array(fc.nat(1_000), { minLength: 5, maxLength: 5 }),
      (work, skew, fateOf, presenceOf, shuffle) => {
        const { events, wireOf, trueMicros } = simulate(work, skew)
        const isNative = (event: CausalEvent) => wireOf.get(event.span ?? '') === 'native'
        const presence = (node: string) => presenceOf[CAST.indexOf(node)] ?? 'settled'
        const inTime = events.toSorted((a, b) => (trueMicros.get(a.id) ?? 0) - (trueMicros.get(b.id) ?? 0))
        const seqOf = new Map<string, number>()
        const fate = new Map<string, (typeof fates)[number]>()
        const next = new Map<string, number>()
        for (const [i, event] of inTime.entries()) {
          // Other sessions take every other number.
          const seq = (next.get(event.node) ?? 0) + 2
          next.set(event.node, seq)
          seqOf.set(event.id, seq)
          fate.set(event.id, isNative(event) ? (fateOf[i % fateOf.length] ?? 'arrived') : 'arrived')
        }
        const arrived = events
          .filter(({ id }) => fate.get(id) === 'arrived')
          .map((event, i) => ({ event, key: ((shuffle[i % 5] ?? 0) * (i + 3)) % 1_009 }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ event }) => event)
        const absences = events.flatMap(({ id, span, number }): Absence[] => {
          const state = fate.get(id)
          return state === 'dropped' || state === 'rejected'
            ? [{ span: span ?? '', from: number ?? 0, to: number ?? 0, state, reason: 'r' }]
            : []
        })
        const windows = CAST.map((node, nodeId): LedgerWindow => {
          const own = events.filter((event) => event.node === node)
          const delivered = own.filter(({ id }) => fate.get(id) !== 'held').map(({ id }) => seqOf.get(id) ?? 0)
          const holes = own
            .filter(({ id }) => fate.get(id) === 'held')
            .map(({ id }) => seqOf.get(id) ?? 0)
            .toSorted((a, b) => a - b)
            .map((seq) => ({ first: seq, last: seq, isOpen: presence(node) === 'sending' }))
          return { nodeId, from: 0, to: Math.max(0, ...delivered), holes, below: 'nothing' }
        })

        const graph = buildGraph(arrived)
        const nodeOf = new Map(events.map(({ span, node }) => [span, node]))
        const hops = knownNumbers(graph).map((hop) => ({
          ...hop,
          isNative: wireOf.get(hop.span) === 'native',
          producer: 'settled' as const,
        }))
        for (const run of findMissing(hops, absences)) {
          if (run.state === 'unknowable') continue
          const lost = Array.from({ length: run.to - run.from + 1 }, (_, i) => fate.get(`${run.span}:${run.from + i}`))
          let state: AbsenceState = run.state
          if (state === 'unexplained') {
            const node = nodeOf.get(run.span) ?? ''
            const { before, after } = findNeighbours(graph, run)
            const seq = (event: number) => seqOf.get(graph.events[event]?.id ?? '') ?? null
            const verdict = judgeGap({ nodeId: CAST.indexOf(node), low: seq(before), high: seq(after) }, windows)
            state = stateOfGap(presence(node), verdict)
            seen.set(verdict, (seen.get(verdict) ?? 0) + 1)
            // Held numbers of other hops around it may speak for a stray one; nothing speaks against a held one.
            if (lost.includes('held')) expect(verdict).not.toBe('delivered')
            if (verdict === 'delivered') expect(new Set(lost)).toEqual(new Set(['stray']))
            if (lost.includes('held') && presence(node) === 'sending') expect(state).toBe('expected')
            if (lost.includes('held') && presence(node) === 'gone') expect(state).toBe('died')
            if (lost.includes('held') && presence(node) === 'settled') expect(state).toBe('unexplained')
          } else expect(new Set(lost)).toEqual(new Set([state]))
        }
      },
    ),
    { numRuns: 400 },
  )
  for (const verdict of ['open', 'undelivered', 'delivered']) expect(seen.get(verdict) ?? 0).toBeGreaterThan(20)
})
