import { Pool, type ClientBase, type PoolConfig } from 'pg'
import { errorCode } from './errors.js'

/** Everything lies in this schema. */
export const SCHEMA = 'groundtrack'

export interface DatabaseOptions {
  url: string
  /** Connections for reading. Default 8. */
  readPoolSize?: number
  applicationName?: string
}

export interface Database {
  readonly url: string
  /** Migrates, makes and drops partitions. */
  readonly owner: Pool
  /** Inserts events and reads the ledger, nothing else. */
  readonly ingest: Pool
  /** Selects only, in read-only transactions, at most 10 s a statement. */
  readonly read: Pool
  /** As `read`, for tails: what slow searches occupy is not missing there. */
  readonly follow: Pool
  /** `owner_only`: the database user may not use the ingest and read roles, so all three pools act as the owner. Known once a connection was made. */
  readonly roles: 'separate' | 'owner_only'
  close(): Promise<void>
}

const READ_TIMEOUT_MS = 10_000
const CONNECT_TIMEOUT_MS = 5_000
const FOLLOW_CONNECTIONS = 3

/** Opens the three pools. Connects when first used, and again by itself after the server was away. */
export function openDatabase({ url, readPoolSize = 8, applicationName = 'groundtrack' }: DatabaseOptions): Database {
  let roles: Database['roles'] = 'separate'
  const onRoleRefused = () => {
    roles = 'owner_only'
  }
  const settings = `SET search_path TO ${SCHEMA}; SET TIME ZONE 'UTC'`
  const common = { connectionString: url, application_name: applicationName, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, keepAlive: true }

  const owner = openPool({ ...common, max: 4 }, async (client) => {
    await client.query(settings)
  })
  const ingest = openPool({ ...common, max: 4 }, async (client) => {
    await client.query(settings)
    await setRole(client, 'groundtrack_ingest', onRoleRefused)
  })
  // No statement here runs long enough to be worth compiling; estimates over many partitions make PostgreSQL believe otherwise.
  const reading = `${settings}; SET jit TO off; SET default_transaction_read_only TO on; SET statement_timeout TO ${READ_TIMEOUT_MS}`
  const read = openPool({ ...common, max: readPoolSize }, async (client) => {
    await client.query(reading)
    await setRole(client, 'groundtrack_read', onRoleRefused)
  })
  // The newest events are always found by index: of a partition that grows PostgreSQL knows too little to choose that by itself.
  const follow = openPool({ ...common, max: FOLLOW_CONNECTIONS }, async (client) => {
    await client.query(`${reading}; SET enable_seqscan TO off`)
    await setRole(client, 'groundtrack_read', onRoleRefused)
  })

  return {
    url,
    owner,
    ingest,
    read,
    follow,
    get roles() {
      return roles
    },
    async close() {
      await Promise.all([owner.end(), ingest.end(), read.end(), follow.end()])
    },
  }
}

/** `prepare` runs on each new connection before anybody gets it. */
function openPool(config: PoolConfig, prepare: (client: ClientBase) => Promise<void>): Pool {
  const pool = new Pool(Object.assign(config, { onConnect: prepare })) // pg-pool awaits it, its types don't say so
  // A server that goes away breaks idle and lent connections alike; the statement that needs one says so, nothing else has to.
  pool.on('error', ignore)
  pool.on('connect', (client) => client.on('error', ignore))
  return pool
}

function ignore(): void {}

// 42501 not a member of the role; 22023 no such role.
async function setRole(client: ClientBase, role: string, onRefused: () => void): Promise<void> {
  try {
    await client.query(`SET ROLE ${role}`)
  } catch (error) {
    const code = errorCode(error)
    if (code !== '42501' && code !== '22023') throw error
    onRefused()
  }
}
