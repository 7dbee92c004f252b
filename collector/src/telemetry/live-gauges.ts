import {
  BREAKER_STATE_CODE,
  countTargetBreakers,
  listServiceNodes,
  type ProjectReader,
  type ServiceNodes,
  type TargetBreakers,
} from '@groundtrack/db'
import { formatLabels, OTHER } from './labels.js'

const MAX_SERVICES = 200
const MAX_PAIRS = 500
/** However often it is asked, the database is not asked more often. */
const FRESH_MS = 1_000
/** Nodes that went are counted for that long. */
const GONE_MS = 3_600_000
/** A scrape doesn't wait for a database that is away. */
const PATIENCE_MS = 2_000

/** What only the database knows: nodes by state and open breakers, of all environments. Nothing where it doesn't answer in time. */
export class LiveGauges {
  readonly #reader: ProjectReader
  readonly #now: () => number
  #asked = { atMs: -Infinity, text: Promise.resolve('') }

  constructor(reader: ProjectReader, now: () => number) {
    this.#reader = reader
    this.#now = now
  }

  async render(): Promise<string> {
    const nowMs = this.#now()
    if (Math.abs(nowMs - this.#asked.atMs) >= FRESH_MS) this.#asked = { atMs: nowMs, text: this.#ask(nowMs).catch(() => '') }
    let timer: NodeJS.Timeout | undefined
    const silence = new Promise<string>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS, '')
    })
    try {
      return await Promise.race([this.#asked.text, silence])
    } finally {
      clearTimeout(timer)
    }
  }

  async #ask(nowMs: number): Promise<string> {
    const of = { environment: null, now: new Date(nowMs) }
    const [nodes, breakers] = await Promise.all([
      listServiceNodes(this.#reader, { ...of, goneAfter: new Date(nowMs - GONE_MS) }),
      countTargetBreakers(this.#reader, of),
    ])
    return renderNodes(nodes) + renderBreakers(breakers)
  }
}

export function renderNodes(nodes: readonly ServiceNodes[]): string {
  const services = new Set([...new Set(nodes.map(({ service }) => service))].toSorted().slice(0, MAX_SERVICES))
  const sums = new Map<string, number>()
  for (const { service, state, nodes: count } of nodes) {
    const labels = formatLabels({ service: services.has(service) ? service : OTHER, state })
    sums.set(labels, (sums.get(labels) ?? 0) + count)
  }
  return render('groundtrack_nodes', 'Nodes by service and state; those that went within the last hour.', sums)
}

/** A pair of which no reporter is heard has no sample: nobody knows. */
export function renderBreakers(breakers: readonly TargetBreakers[]): string {
  const isOpen = new Map<string, { caller: string; callee: string; open: number }>()
  for (const { caller, target: callee, state, isHeard } of breakers) {
    if (!isHeard) continue
    const key = `${caller}\n${callee}`
    const open = state === BREAKER_STATE_CODE.open ? 1 : 0
    isOpen.set(key, { caller, callee, open: Math.max(open, isOpen.get(key)?.open ?? 0) })
  }
  // Open ones keep their names where there are too many.
  const pairs = [...isOpen.entries()].toSorted(([a, { open: ofA }], [b, { open: ofB }]) => ofB - ofA || (a < b ? -1 : 1))
  const values = new Map<string, number>()
  for (const [i, [, { caller, callee, open }]] of pairs.entries()) {
    const labels = formatLabels(i < MAX_PAIRS ? { caller, callee } : { caller: OTHER, callee: OTHER })
    values.set(labels, Math.max(open, values.get(labels) ?? 0))
  }
  return render(
    'groundtrack_breaker_open',
    'Whether a breaker of a service for another one is open, as far as its reporters are heard of.',
    values,
  )
}

function render(name: string, help: string, values: ReadonlyMap<string, number>): string {
  const lines = [...values].map(([labels, value]) => `${name}{${labels}} ${value}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`
}
