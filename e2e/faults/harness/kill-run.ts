import { randomUUID } from 'node:crypto'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { compare, type Verdict } from './check.js'
import { startCollector } from './collector-process.js'
import { connect, type FaultyServer } from './database.js'
import { runProducer } from './producer.js'
import { seededRandom, type Random } from './random.js'

export type Victim = 'collector' | 'postgres'

export interface KillRunOptions {
  server: FaultyServer
  /** The collector's main.js. */
  main: string
  kills: number
  victims: readonly Victim[]
  seed: number
}

const PRODUCERS = 4
const IN_FLIGHT = 3
const EVENTS_PER_BATCH = 100
/** A kill comes at a random moment after the system is back. */
const KILL_AFTER_MS = 150
const KILL_WITHIN_MS = 500

/** Runs producers against a real collector and PostgreSQL, kills one of the two again and again, then compares journals and tables. */
export async function runKills({ server, main, kills, victims, seed }: KillRunOptions): Promise<Verdict> {
  const random = seededRandom(seed)
  const databaseUrl = await server.createDatabase()
  const port = await findFreePort()
  const stopLogging = new AbortController()
  let collector = await startCollector(main, databaseUrl, port)
  try {
    const producers = Array.from({ length: PRODUCERS }, () =>
      runProducer({
        url: `http://127.0.0.1:${port}`,
        producer: randomUUID(),
        node: randomUUID(),
        random: seededRandom(Math.floor(random() * 2 ** 32)),
        eventsPerBatch: EVENTS_PER_BATCH,
        inFlight: IN_FLIGHT,
        stop: stopLogging.signal,
      }),
    )
    for (let kill = 0; kill < kills; kill++) {
      await delay(KILL_AFTER_MS + random() * KILL_WITHIN_MS)
      if (pick(victims, random) === 'postgres') await server.crash()
      else {
        await collector.crash()
        collector = await startCollector(main, databaseUrl, port)
      }
    }
    await delay(KILL_AFTER_MS)
    stopLogging.abort()
    const journals = await Promise.all(producers)
    const client = await connect(databaseUrl)
    const verdict = await compare(client, journals)
    await client.end()
    return verdict
  } finally {
    stopLogging.abort()
    await collector.stop()
  }
}

function pick<T>(values: readonly T[], random: Random): T {
  const value = values[Math.floor(random() * values.length)]
  if (value === undefined) throw new Error('nothing to pick from')
  return value
}

async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
