import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'

/** Another collector already works on this folder. */
export class AlreadyRunningError extends Error {
  override name = 'AlreadyRunningError'
  readonly pid: number | undefined
  readonly url: string | undefined

  constructor(pid: number | undefined, url: string | undefined) {
    super(`Groundtrack is already running${url ? ` at ${url}` : ''} on this data folder${pid ? ` (pid ${pid})` : ''}.`)
    this.pid = pid
    this.url = url
  }
}

/** The one connection that shows whose server this is: it holds an advisory lock, and names its process and address to others. */
export interface Guard {
  announce(collectorUrl: string): Promise<void>
  onLost(listener: () => void): void
  close(): Promise<void>
}

const LOCK_KEY = 4_318_001
const PREFIX = 'groundtrack collector'
/** The connection of a collector that was just killed closes within milliseconds. */
const PATIENCE_MS = 1_500

/** Connects to the maintenance database and takes the lock; throws AlreadyRunningError where another collector holds it. */
export async function openGuard(url: string): Promise<Guard> {
  const client = new Client({
    connectionString: url,
    application_name: `${PREFIX} ${process.pid}`,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  })
  let lost = false
  client.on('error', () => {})
  client.once('end', () => {
    lost = true
  })
  await client.connect()
  try {
    await takeLock(client)
  } catch (error) {
    await client.end()
    throw error
  }
  return {
    announce: async (collectorUrl) => {
      await client.query("select set_config('application_name', $1, false)", [`${PREFIX} ${process.pid} ${collectorUrl}`])
    },
    onLost: (listener) => {
      if (lost) listener()
      else client.once('end', listener)
    },
    close: async () => {
      client.removeAllListeners('end')
      await client.end()
    },
  }
}

async function takeLock(client: Client): Promise<void> {
  for (const deadline = performance.now() + PATIENCE_MS; ; await delay(50)) {
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [LOCK_KEY])
    if (rows[0]?.taken) return
    if (performance.now() > deadline) throw await whoHoldsIt(client)
  }
}

async function whoHoldsIt(client: Client): Promise<AlreadyRunningError> {
  const { rows } = await client.query<{ name: string }>(
    `select application_name as name from pg_locks join pg_stat_activity using (pid)
      where locktype = 'advisory' and objid = $1 and granted`,
    [LOCK_KEY],
  )
  const [pid, url] = rows[0]?.name.replace(PREFIX, '').trim().split(' ') ?? []
  return new AlreadyRunningError(pid ? Number(pid) : undefined, url)
}
