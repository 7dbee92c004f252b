import type { Connection } from '../connection.js'
import { chooseNumbers } from './node-numbers.js'
import { NODE_COLUMNS, type RegisteredNode, type Registration, type StoredNodeState } from './node-row.js'
import { sql, type Sql } from './sql.js'

/** Whose address was taken over within that time counts as replaced. */
const REPLACED_WITHIN_SECONDS = 3_600

export interface Registered {
  /** The nodes, and those that they replaced. */
  rows: RegisteredNode[]
  /** Positions of those that belong to another owner: nothing was changed for them. */
  owned: ReadonlySet<number>
}

interface Known {
  place: number
  id: number
  state: StoredNodeState | null
  leftAt: Date | null
  address: string | null
  number: number | null
  isOwned: boolean
}

type Run = <Row>(statement: Sql) => Promise<Row[]>

/**
 * Nodes that come up, come back, or say something new; no two of the same key or address. A new one at a known address (same
 * service, environment and owner) replaces the one that had it. Five statements, however many they are. Within inNodeTransition only.
 */
export async function registerNodes(client: Connection, projectId: number, nodes: readonly Registration[], at: Date): Promise<Registered> {
  const run: Run = async <Row>(statement: Sql) => (await client.query(statement.build())).rows as Row[]
  const keys = JSON.stringify(nodes.map(({ uuid, service, environment, owner }, place) => ({ place, uuid, service, environment, owner })))
  await run(insertRows(projectId, keys, at))
  const known = await run<Known>(lockRows(projectId, keys))
  const own = known.flatMap((row) => {
    const node = nodes[row.place]
    return node && !row.isOwned ? [{ ...row, node }] : []
  })
  const takers = own.filter(({ node, state, address }) => node.address !== null && (state === null || address !== node.address))
  const replaced = takers.length === 0 ? [] : await run<RegisteredNode>(replaceHolders(projectId, own, takers, at))
  const lastOf = new Map(replaced.toSorted((a, b) => a.seenMicros - b.seenMicros).map((row) => [placeOf(row, row.successor ?? ''), row]))
  const last = own.map(({ node }) => lastOf.get(placeOf(node, node.uuid)))
  const numbers = await chooseNumbers(
    run,
    projectId,
    own.map(({ node, state, number }, i) => ({ ...node, isLive: isLive(state), own: number, inherited: last[i]?.number ?? null })),
  )
  const changes = own.map((row, i) => ({
    ...row.node,
    id: row.id,
    number: numbers[i] ?? 1,
    replaced: last[i]?.uuid ?? null,
    was: row.state,
    change: changeOf(row, last[i] !== undefined),
    keepsAddress: isLive(row.state),
  }))
  const rows = changes.length === 0 ? [] : await run<RegisteredNode>(updateRows(JSON.stringify(changes), at))
  return { rows: [...rows, ...replaced], owned: new Set(known.filter(({ isOwned }) => isOwned).map(({ place }) => place)) }
}

function isLive(state: StoredNodeState | null): boolean {
  return state === 'up' || state === 'stale'
}

function placeOf({ service, environment }: Pick<Registration, 'service' | 'environment'>, uuid: string): string {
  return JSON.stringify([uuid, service, environment])
}

/** null: it was up, so nothing happened to it. */
function changeOf({ state, leftAt }: Known, hasReplaced: boolean): string | null {
  if (hasReplaced) return 'restart'
  if (state === 'up') return null
  return state === 'stale' || (state === 'gone' && leftAt === null) ? 'flap' : 'up'
}

function insertRows(projectId: number, keys: string, at: Date): Sql {
  return sql`
    INSERT INTO node (project_id, node_uuid, service, environment, first_seen_at)
    SELECT ${projectId}::int, uuid, service, environment, ${at}::timestamptz
      FROM jsonb_to_recordset(${keys}::jsonb) AS given (uuid uuid, service text, environment text)
     ORDER BY uuid, service, environment
        ON CONFLICT DO NOTHING`
}

function lockRows(projectId: number, keys: string): Sql {
  return sql`
    SELECT given.place, node.id, node.state, node.left_at AS "leftAt", node.address, node.number,
           node.state IS NOT NULL AND node.owner IS DISTINCT FROM decode(given.owner, 'hex') AS "isOwned"
      FROM jsonb_to_recordset(${keys}::jsonb) AS given (place int, uuid uuid, service text, environment text, owner text)
      JOIN node ON node.node_uuid = given.uuid AND node.service = given.service AND node.environment = given.environment
     WHERE node.project_id = ${projectId}
     ORDER BY node.id
       FOR UPDATE OF node`
}

/** One that speaks now itself keeps its place: what it says comes last. */
function replaceHolders(projectId: number, speaking: readonly Known[], takers: readonly (Known & { node: Registration })[], at: Date): Sql {
  const given = JSON.stringify(
    takers.map(({ node: { uuid, service, environment, address, owner } }) => ({ uuid, service, environment, address, owner })),
  )
  return sql`
    WITH taker AS (
      SELECT * FROM jsonb_to_recordset(${given}::jsonb) AS given (uuid uuid, service text, environment text, address text, owner text)),
    holder AS MATERIALIZED (
      SELECT node.id, node.state, taker.uuid AS successor
        FROM taker
        JOIN node ON md5(node.address) = md5(taker.address) AND node.address = taker.address
             AND node.service = taker.service AND node.environment = taker.environment
             AND node.owner IS NOT DISTINCT FROM decode(taker.owner, 'hex')
       WHERE node.project_id = ${projectId} AND node.id <> ALL(${speaking.map(({ id }) => id)}::int[])
         AND (node.state IN ('up', 'stale')
              OR node.state = 'gone' AND node.successor IS NULL
                 AND node.state_at > ${at}::timestamptz - ${REPLACED_WITHIN_SECONDS} * interval '1 second')
       ORDER BY node.id FOR UPDATE OF node),
    moved AS (
      UPDATE node
         SET state = 'gone', state_at = CASE WHEN holder.state = 'gone' THEN node.state_at ELSE ${at} END, successor = holder.successor,
             revision = revision + 1, changed_by = pg_current_xact_id()
        FROM holder
       WHERE node.id = holder.id
      RETURNING node.*, holder.state AS was),
    told AS (
      INSERT INTO node_change (changed_at, project_id, node_id, change, was, state, revision, other)
      SELECT ${at}::timestamptz, project_id, id, 'restart', was, state, revision, successor FROM moved WHERE was <> 'gone')
    SELECT ${NODE_COLUMNS} FROM moved AS node`
}

function updateRows(changes: string, at: Date): Sql {
  return sql`
    WITH given AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${changes}::jsonb)
          AS given (id int, version text, address text, properties text, host text, pid int, runtime text, sdk text, "ttlSeconds" real,
                    owner text, number int, replaced uuid, was text, change text, "keepsAddress" boolean)),
    moved AS (
      UPDATE node
         SET version = given.version,
             address = CASE WHEN given."keepsAddress" THEN coalesce(given.address, node.address) ELSE given.address END,
             properties = given.properties::jsonb,
             host = coalesce(given.host, node.host), pid = coalesce(given.pid, node.pid),
             runtime = coalesce(given.runtime, node.runtime), sdk = coalesce(given.sdk, node.sdk),
             seen_at = ${at}, ttl_seconds = given."ttlSeconds", left_at = NULL,
             state = 'up', state_at = CASE WHEN given.was = 'up' THEN node.state_at ELSE ${at} END,
             number = given.number, owner = decode(given.owner, 'hex'),
             replaced = coalesce(given.replaced, node.replaced), successor = NULL,
             revision = node.revision + 1, changed_by = pg_current_xact_id()
        FROM given
       WHERE node.id = given.id
      RETURNING node.*, given.was, given.change, given.replaced AS other),
    told AS (
      INSERT INTO node_change (changed_at, project_id, node_id, change, was, state, revision, other)
      SELECT ${at}::timestamptz, project_id, id, change, was, state, revision, other FROM moved WHERE change IS NOT NULL)
    SELECT ${NODE_COLUMNS} FROM moved AS node`
}
