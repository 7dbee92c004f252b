// Causal order, completeness and clock skew of one session of 100,000 events over 200 hops, against sorting the same array by time:
// `npm run bench -- order`.
import {
  buildGraph,
  findMissing,
  judgeCompleteness,
  knownNumbers,
  orderByCause,
  placeMissing,
  skewByNode,
  type CausalEvent,
  type CausalGraph,
} from '../src/causality/index.js'

const HOPS = 200
const EVENTS_A_HOP = 500
const CALLEES_A_HOP = 4
const LOST_EVERY = 1_000
const NODES = 8
const HALF_TRIP_MICROS = 300
const ROUNDS = 15
const REACH_RATIO = 10
const START_MICROS = Date.parse('2026-01-15T12:00:00Z') * 1_000

/** A tree of hops on eight nodes, their clocks seconds off, with calls and returns; one event in a thousand is lost; in no order. */
function makeSession(): CausalEvent[] {
  const events: CausalEvent[] = []
  const spanOf = (hop: number) => hop.toString(16).padStart(16, '0')
  /** Lets a hop run from a true time on; its end. */
  const run = (hop: number, path: readonly number[], from: number): number => {
    const span = spanOf(hop)
    const ends = new Map<number, { micros: number; callee: number }>()
    let micros = from
    for (let number = 1; number <= EVENTS_A_HOP; number++) {
      const back = ends.get(number)
      micros = Math.max(micros + 37, (back?.micros ?? 0) + HALF_TRIP_MICROS)
      const callee = hop * CALLEES_A_HOP + number / 100
      const isCall = number % 100 === 0 && number <= CALLEES_A_HOP * 100 && callee < HOPS
      const kind = number === 1 ? 'open' : number === EVENTS_A_HOP ? 'close' : isCall ? 'call' : back ? 'return' : 'log'
      const call = kind === 'open' && hop > 0 ? hop : isCall ? callee : back?.callee
      events.push({
        id: `1-${hop}-${number}`,
        span,
        number,
        timeMicros: START_MICROS + micros + skewMicros(hop % NODES),
        node: `node-${hop % NODES}`,
        kind,
        path,
        ...(call !== undefined && { call: `call-${call}` }),
        ...(kind === 'open' && hop > 0 && { parent: `call-${hop}` }),
        ...(back && { callee: { span: spanOf(back.callee), last: EVENTS_A_HOP } }),
      })
      if (isCall) ends.set(number + 50, { micros: run(callee, [...path, number], micros + HALF_TRIP_MICROS), callee })
    }
    return micros
  }
  run(0, [], 0)
  const arrived = events.filter((_, i) => i % LOST_EVERY !== LOST_EVERY / 2)
  // A fixed shuffle: every run measures the same array.
  return arrived
    .map((event, i) => ({ event, key: (i * 7_919) % 100_003 }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ event }) => event)
}

function skewMicros(node: number): number {
  return (node - 4) * 1_000_000
}

/** How many of the nodes' clocks are measured, the true offset within the bounds. */
function countMeasured({ skew }: CausalGraph): number {
  const right = [...skewByNode(skew).values()].filter(({ node, offsetMicros, errorMicros }) => {
    const offset = skewMicros(Number(node.slice(-1))) - skewMicros(0)
    return offsetMicros !== null && errorMicros !== null && Math.abs(offset - offsetMicros) <= errorMicros
  })
  return right.length
}

function explain(events: readonly CausalEvent[]): { missing: number; rows: number; measured: number } {
  const graph = buildGraph(events)
  const hops = knownNumbers(graph).map((hop) => ({ ...hop, isNative: true, producer: 'settled' as const }))
  const missing = findMissing(hops, [])
  judgeCompleteness(graph, missing, () => false)
  const rows = placeMissing(graph, orderByCause(graph).order, missing).length
  return { missing: missing.length, rows, measured: countMeasured(graph) }
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
const { missing, rows, measured } = explain(events)
if (missing !== lost || rows !== events.length + missing || measured !== NODES)
  throw new Error(`${missing} of ${lost} lost events found, ${rows} rows, ${measured} of ${NODES} clocks measured`)
median(() => explain(events))
const ordered = median(() => explain(events))
const sorted = median(() => events.toSorted((a, b) => a.timeMicros - b.timeMicros))
const ratio = ordered / sorted

console.log(`${events.length} events, ${HOPS} hops, ${lost} lost                median ms`)
console.log(`graph, skew, order by cause, completeness       ${ordered.toFixed(1).padStart(12)}`)
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
