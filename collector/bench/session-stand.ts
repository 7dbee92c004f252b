import pino from 'pino'
import { ensurePartitions, migrate, openDatabase } from '@groundtrack/db'
import { buildApp } from '../src/app.js'
import { fillLargeSessions, fillNodes, fillSmallSessions, LARGE_EVENTS, pickSessions, SMALL_EVENTS, type Fill } from './fill-sessions.js'

const DAYS = 7
const DAY_MS = 86_400_000

/** A collector on a database of its own that holds so many events, and the sessions to open in it. */
export interface Stand {
  millions: number
  address: string
  /** Ids by number of events, in an order that is not the table's; none twice. */
  ids: ReadonlyMap<number, readonly string[]>
  close(): Promise<void>
}

/** Fills `database` on the server at `serverUrl`. `opened`: how many sessions of each kind will be opened. */
export async function standUp(serverUrl: string, database: string, millions: number, opened: ReadonlyMap<number, number>): Promise<Stand> {
  const url = await createDatabase(serverUrl, database)
  await migrate(url)
  const db = openDatabase({ url })
  const now = new Date()
  const from = new Date(now.getTime() - DAYS * DAY_MS)
  await ensurePartitions(db.owner, from, 2 * DAYS)
  const nodes = await fillNodes(db)

  const started = performance.now()
  const large: Fill = { first: 1e9, sessions: opened.get(LARGE_EVENTS) ?? 0, from, to: now }
  const small: Fill = { first: 1, sessions: Math.round((millions * 1e6 - large.sessions * LARGE_EVENTS) / SMALL_EVENTS), from, to: now }
  await fillSmallSessions(db, nodes, small)
  await fillLargeSessions(db, nodes, large)
  // Before anything is measured: statistics, hint bits, and the BRIN summaries that autovacuum would make some time.
  await db.owner.query('VACUUM (ANALYZE, FREEZE)')
  await db.owner.query('CHECKPOINT')
  const { rows } = await db.owner.query<{ size: string }>('SELECT pg_size_pretty(pg_database_size(current_database())) AS size')
  console.log(`${millions} M events stored (${rows[0]?.size}), filled in ${((performance.now() - started) / 1_000).toFixed(0)} s`)

  const ids = new Map<number, string[]>()
  for (const [events, fill] of [
    [SMALL_EVENTS, small],
    [LARGE_EVENTS, large],
  ] as const) {
    const count = opened.get(events) ?? 0
    if (count > fill.sessions) throw new Error(`${millions} M events are too few to open ${count} sessions of ${events} events`)
    ids.set(events, mix(await pickSessions(db, fill, count)))
  }
  const app = await buildApp({ db, config: { port: 0, retentionDays: DAYS }, log: pino({ level: 'silent' }) })
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    millions,
    address,
    ids,
    async close() {
      await app.close()
      await db.close()
    },
  }
}

async function createDatabase(serverUrl: string, database: string): Promise<string> {
  const server = openDatabase({ url: serverUrl })
  await server.owner.query(`CREATE DATABASE ${database}`)
  await server.close()
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  return url.href
}

/** Steps through all of them by a stride that has no factor in common with their number. */
function mix(ids: readonly string[]): string[] {
  let stride = 7_919
  while (ids.length % stride === 0) stride++
  const mixed = ids.map((_, i) => ids[(i * stride) % ids.length] ?? '')
  if (new Set(mixed).size !== ids.length) throw new Error('a session would be opened twice')
  return mixed
}
