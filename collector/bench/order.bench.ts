// Causal order and completeness of one session of 100,000 events over 200 hops, against sorting the same array by time:
// `npm run bench -- order`.
import { buildGraph, findMissing, knownNumbers, orderByCall, orderByCause, placeMissing, type CausalEvent } from '../src/causality/index.js'

const HOPS = 200
const EVENTS_A_HOP = 500
const CALLEES_A_HOP = 4
const LOST_EVERY = 1_000
const ROUNDS = 15
const REACH_RATIO = 10
const START_MICROS = Date.parse('2026-01-15T12:00:00Z') * 1_000

/** A tree of hops on eight nodes, some with clocks seconds off; one event in a thousand is lost; in no order. */
function makeSession(): CausalEvent[] {
  const callNumber = (place: number) => (place + 1) * 100
  const paths: number[][] = [[]]
  for (let hop = 1; hop < HOPS; hop++) {
    const caller = Math.floor((hop - 1) / CALLEES_A_HOP)
    paths.push([...(paths[caller] ?? []), callNumber((hop - 1) % CALLEES_A_HOP)])
  }
  const events: CausalEvent[] = []
  for (const [hop, path] of paths.entries()) {
    for (let number = 1; number <= EVENTS_A_HOP; number++) {
      const callee = hop * CALLEES_A_HOP + number / 100
      const isCall = number % 100 === 0 && number <= CALLEES_A_HOP * 100 && callee < HOPS
      const kind = number === 1 ? 'open' : number === EVENTS_A_HOP ? 'close' : isCall ? 'call' : 'log'
      const call = kind === 'open' && hop > 0 ? hop : kind === 'call' ? callee : undefined
      const skewMicros = ((hop % 8) - 4) * 1_000_000
      events.push({
        id: `1-${hop}-${number}`,
        span: hop.toString(16).padStart(16, '0'),
        number,
        timeMicros: START_MICROS + hop * 1_000 + number * 37 + skewMicros,
        node: `node-${hop % 8}`,
        kind,
        path,
        ...(call !== undefined && { call: `call-${call}`, parent: `call-${call}` }),
      })
    }
  }
  const arrived = events.filter((_, i) => i % LOST_EVERY !== LOST_EVERY / 2)
  // A fixed shuffle: every run measures the same array.
  return arrived
    .map((event, i) => ({ event, key: (i * 7_919) % 100_003 }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ event }) => event)
}

function explain(events: readonly CausalEvent[]): { missing: number; rows: number } {
  const graph = buildGraph(events)
  const hops = knownNumbers(graph).map((hop) => ({ ...hop, isNative: true, producer: 'settled' as const }))
  const missing = findMissing(hops, [])
  orderByCall(graph)
  return { missing: missing.length, rows: placeMissing(graph, orderByCause(graph).order, missing).length }
}

function median(work: () => unknown): number {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now()
    work()
    times.push(performance.now() - started)
  }
  return times.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? NaN
}

const events = makeSession()
const lost = HOPS * EVENTS_A_HOP - events.length
const { missing, rows } = explain(events)
if (missing !== lost || rows !== events.length + missing) throw new Error(`${missing} of ${lost} lost events found, ${rows} rows`)
median(() => explain(events))
const ordered = median(() => explain(events))
const sorted = median(() => events.toSorted((a, b) => a.timeMicros - b.timeMicros))
const ratio = ordered / sorted

console.log(`${events.length} events, ${HOPS} hops, ${lost} lost                median ms`)
console.log(`graph, order by call and by cause, completeness ${ordered.toFixed(1).padStart(12)}`)
console.log(`sort by time                                    ${sorted.toFixed(1).padStart(12)}`)
console.log(`reach: ratio ≤ ${REACH_RATIO}: ${ratio <= REACH_RATIO ? 'yes' : 'no'} (${ratio.toFixed(1)})`)
console.log(
  JSON.stringify({
    bench: 'order',
    value: Number(ordered.toFixed(1)),
    unit: 'ms',
    baseline: Number(sorted.toFixed(1)),
    baselineName: 'sort by time',
    ratio: Number(ratio.toFixed(2)),
  }),
)
