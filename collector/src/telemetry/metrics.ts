import { formatLabels, LabelNames } from './labels.js'

/** Numbers for Prometheus' text format. A handful of counters and one histogram need no library. */

export class Counter {
  readonly name: string
  readonly help: string
  #values = new Map<string, number>()

  constructor(name: string, help: string) {
    this.name = name
    this.help = help
  }

  /** `labels` as they stand between the braces: fixed words, or what formatLabels made of a bounded number of names. */
  add(count: number, labels = ''): void {
    this.#values.set(labels, (this.#values.get(labels) ?? 0) + count)
  }

  render(): string {
    const lines =
      this.#values.size === 0
        ? [`${this.name} 0`]
        : [...this.#values].map(([labels, value]) => `${this.name}${labels && `{${labels}}`} ${value}`)
    return `# HELP ${this.name} ${this.help}\n# TYPE ${this.name} counter\n${lines.join('\n')}\n`
  }
}

export class Histogram {
  readonly name: string
  readonly help: string
  readonly #bounds: readonly number[]
  readonly #counts: number[]
  #sum = 0

  constructor(name: string, help: string, bounds: readonly number[]) {
    this.name = name
    this.help = help
    this.#bounds = bounds
    this.#counts = [...bounds, Infinity].map(() => 0)
  }

  observe(value: number): void {
    const bucket = this.#bounds.findIndex((bound) => value <= bound)
    const index = bucket === -1 ? this.#bounds.length : bucket
    this.#counts[index] = (this.#counts[index] ?? 0) + 1
    this.#sum += value
  }

  render(): string {
    let total = 0
    const buckets = [...this.#bounds, '+Inf'].map((bound, i) => {
      total += this.#counts[i] ?? 0
      return `${this.name}_bucket{le="${bound}"} ${total}`
    })
    return `# HELP ${this.name} ${this.help}\n# TYPE ${this.name} histogram\n${buckets.join('\n')}\n${this.name}_sum ${this.#sum}\n${this.name}_count ${total}\n`
  }
}

const MAX_SERVICES = 200

export class Metrics {
  readonly eventsStored = new Counter('groundtrack_events_stored_total', 'Events committed to the database.')
  readonly events = new Counter(
    'groundtrack_events_total',
    'Events stored, by service and level; services beyond the first 200 as "other".',
  )
  readonly eventsRejected = new Counter('groundtrack_events_rejected_total', 'Events refused for good, by code.')
  readonly eventsDropped = new Counter('groundtrack_events_dropped_total', 'Events that producers report as dropped.')
  readonly batches = new Counter('groundtrack_batches_total', 'Ingest requests by what became of them.')
  readonly flushFailures = new Counter('groundtrack_flush_failures_total', 'Transactions that failed.')
  readonly flushSeconds = new Histogram(
    'groundtrack_flush_duration_seconds',
    'From the start of a transaction to its commit.',
    [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  )

  readonly unpairedReturns = new Counter('groundtrack_returns_unpaired_total', 'Returns that no call was known to when they came.')
  readonly #services = new LabelNames(MAX_SERVICES)

  /** Events of a service that were stored, by level. */
  addEvents(service: string, level: string, count: number): void {
    this.events.add(count, formatLabels({ service: this.#services.nameOf(service), level }))
  }

  /** The whole page but for what the database knows; `queueBytes` is what requests hold just now. */
  render(queueBytes: number): string {
    const counters = [
      this.eventsStored,
      this.events,
      this.eventsRejected,
      this.eventsDropped,
      this.batches,
      this.flushFailures,
      this.unpairedReturns,
      this.flushSeconds,
    ]
    return [
      ...counters.map((metric) => metric.render()),
      gauge('groundtrack_ingest_bytes', 'Bytes held by requests in flight.', queueBytes),
      gauge('process_resident_memory_bytes', 'Resident memory.', process.memoryUsage.rss()),
    ].join('')
  }
}

function gauge(name: string, help: string, value: number): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name} ${value}\n`
}
