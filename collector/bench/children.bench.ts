// A million children of one hop, each a hop of one event, half of them without the call that sent them: everything that is asked of a
// session, in processor time: `npm run bench -- children [count]`. Against a tenth of them in the same run: what grows faster than its
// input shows as a ratio far beyond 10. Opt-in, since it takes a minute and 2 GB.
import {
  buildGraph,
  deriveCalls,
  explainRelation,
  findMissing,
  findOddities,
  judgeCompleteness,
  knownNumbers,
  orderByCall,
  orderByCause,
  orderByClock,
  placeRows,
  type CausalEvent,
} from '../src/causality/index.js'

const [count = 1_000_000] = process.argv.slice(2).map(Number)
const START_MICROS = Date.parse('2026-01-15T12:00:00Z') * 1_000
const REACH_RATIO = 20
const REACH_MICROS_A_HOP = 100

function makeChildren(children: number): CausalEvent[] {
  const events: CausalEvent[] = [{ id: 'root', span: 'root', number: 1, timeMicros: START_MICROS, node: 'cart', kind: 'open', path: [] }]
  for (let i = 2; i < children + 2; i++) {
    const call = `c${i}`
    const timeMicros = START_MICROS + (i % 977)
    if (i % 2 === 0) events.push({ id: call, span: 'root', number: i, timeMicros, node: 'cart', kind: 'call', call, path: [] })
    events.push({ id: `h${i}`, span: `h${i}`, number: 1, timeMicros, node: 'mailer', kind: 'open', call, parent: call, path: [i] })
  }
  return events
}

/** Processor time in milliseconds, of each step and of all. */
function explain(children: number): Map<string, number> {
  const events = makeChildren(children)
  const spent = new Map<string, number>()
  const measure = <Result>(name: string, work: () => Result): Result => {
    const from = process.cpuUsage()
    const result = work()
    const { user, system } = process.cpuUsage(from)
    spent.set(name, (user + system) / 1_000)
    spent.set('all', (spent.get('all') ?? 0) + (user + system) / 1_000)
    return result
  }
  const graph = measure('graph and skew', () => buildGraph(events))
  const byCall = measure('order by call', () => orderByCall(graph))
  const { order, cut } = measure('order by cause', () => orderByCause(graph))
  measure('order by clock', () => orderByClock(graph))
  const calls = measure('calls', () => deriveCalls(graph, byCall.order))
  const missing = measure('missing numbers', () => {
    const hops = knownNumbers(graph).map((hop) => ({ ...hop, isNative: true, producer: 'settled' as const }))
    return findMissing(hops, [])
  })
  const rows = measure('rows', () => placeRows(graph, order, missing))
  measure('completeness', () => judgeCompleteness(graph, missing, () => false, calls))
  measure('oddities', () => findOddities(graph, cut, () => undefined))
  measure('relation', () => explainRelation(graph, 0, events.length - 1))
  const isWhole = rows.length === events.length + missing.length && calls.length === Math.ceil(children / 2) && byCall.depthOf[1] === 1
  if (!isWhole || new Set(order).size !== events.length) throw new Error(`${children} children came out as ${rows.length} rows`)
  return spent
}

explain(Math.ceil(count / 100))
const fewer = explain(Math.ceil(count / 10))
const all = explain(count)
const ratio = (all.get('all') ?? NaN) / (fewer.get('all') ?? NaN)
const microsAHop = ((all.get('all') ?? NaN) * 1_000) / count

console.log(`${''.padEnd(18)}${`${count / 10} children`.padStart(20)}${`${count} children`.padStart(20)}   processor ms`)
for (const [name, ms] of all)
  console.log(`${name.padEnd(18)}${(fewer.get(name) ?? NaN).toFixed(0).padStart(20)}${ms.toFixed(0).padStart(20)}`)
console.log(
  `reach: ratio ≤ ${REACH_RATIO}, at most ${REACH_MICROS_A_HOP} µs a hop: ` +
    `${ratio <= REACH_RATIO && microsAHop <= REACH_MICROS_A_HOP ? 'yes' : 'no'} (${ratio.toFixed(1)}, ${microsAHop.toFixed(0)} µs)`,
)
console.log(
  JSON.stringify({
    bench: 'children',
    value: Math.round(all.get('all') ?? NaN),
    unit: 'ms of processor time',
    baseline: Math.round(fewer.get('all') ?? NaN),
    baselineName: `${count / 10} children`,
    ratio: Math.round(ratio * 100) / 100,
  }),
)
