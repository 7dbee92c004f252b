import {
  classifyError,
  inNodeTransition,
  registerNodes,
  renewNodes,
  type Database,
  type RegisteredNode,
  type Registration,
} from '@groundtrack/db'
import { ApiError } from '../errors.js'

export interface HeartbeatWriterOptions {
  db: Pick<Database, 'ingest'>
  projectId: number
  /** Milliseconds since the epoch. */
  now: () => number
  /** The row of a node that is up and says just this; null where it has to be registered. */
  findSame: (registration: Registration) => number | null
  /** Told of the rows that a write changed, before those who wait for it. */
  onWritten: (rows: RegisteredNode[]) => void
}

interface Waiting {
  registration: Registration
  resolve: () => void
  reject: (error: unknown) => void
}

/** Keeps a transaction short, and with it the time that other collectors wait for it. */
const MAX_AT_ONCE = 200

/** Writes heartbeats: those that arrive while one statement runs go together with the next. */
export class HeartbeatWriter {
  readonly #options: HeartbeatWriterOptions
  #waiting: Waiting[] = []
  #running: Promise<void> | null = null

  constructor(options: HeartbeatWriterOptions) {
    this.#options = options
  }

  /** Resolves once it is committed. Throws node_owned. */
  write(registration: Registration): Promise<void> {
    const written = new Promise<void>((resolve, reject) => this.#waiting.push({ registration, resolve, reject }))
    this.#running ??= this.#run().finally(() => (this.#running = null))
    return written
  }

  /** Resolves when nothing is being written any more. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running
  }

  async #run(): Promise<void> {
    for (let batch = this.#next(); batch.length > 0; batch = this.#next()) {
      try {
        const rest = await this.#renew(batch)
        for (const apart of separate(rest)) await this.#register(apart)
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
  }

  #next(): Waiting[] {
    return this.#waiting.splice(0, MAX_AT_ONCE)
  }

  /** Answers those that have to be registered. */
  async #renew(batch: readonly Waiting[]): Promise<Waiting[]> {
    const { db, projectId, now, findSame, onWritten } = this.#options
    const known = batch.map((waiting) => ({ waiting, id: findSame(waiting.registration) }))
    const ids = known.flatMap(({ id }) => id ?? [])
    const rows = ids.length === 0 ? [] : await renewNodes(db.ingest, projectId, ids, new Date(now()))
    onWritten(rows)
    const renewed = new Set<number | null>(rows.map(({ id }) => id))
    const rest: Waiting[] = []
    for (const { waiting, id } of known) {
      if (renewed.has(id)) waiting.resolve()
      else rest.push(waiting)
    }
    return rest
  }

  async #register(batch: readonly Waiting[]): Promise<void> {
    const { db, projectId, now, onWritten } = this.#options
    const registrations = batch.map(({ registration }) => registration)
    try {
      const { rows, owned } = await inNodeTransition(db.ingest, projectId, (client) =>
        registerNodes(client, projectId, registrations, new Date(now())),
      )
      onWritten(rows)
      for (const [i, { resolve, reject }] of batch.entries()) {
        if (owned.has(i)) reject(new ApiError('node_owned'))
        else resolve()
      }
    } catch (error) {
      // One that PostgreSQL refuses must not cost the others their heartbeat.
      if (batch.length === 1 || classifyError(error) === 'unavailable') throw error
      for (const waiting of batch) await this.#register([waiting]).catch(waiting.reject)
    }
  }
}

/** In groups in which no key and no address comes twice: of two that say different things the later one is written later. */
function separate(batch: readonly Waiting[]): Waiting[][] {
  const groups: { waiting: Waiting[]; taken: Set<string> }[] = []
  for (const waiting of batch) {
    const { uuid, service, environment, address } = waiting.registration
    const names = [JSON.stringify(['key', uuid, service, environment]), JSON.stringify(['address', address ?? uuid, service, environment])]
    // After the last group that has one of them.
    const place = groups.findLastIndex(({ taken }) => names.some((name) => taken.has(name))) + 1
    const group = groups[place] ?? { waiting: [], taken: new Set() }
    groups[place] = group
    group.waiting.push(waiting)
    for (const name of names) group.taken.add(name)
  }
  return groups.map(({ waiting }) => waiting)
}
