import type { Connection } from '../connection.js'
import { NODE_COLUMNS, type RegisteredNode, type Registration, type StoredNodeState } from './node-row.js'
import { sql, type Sql } from './sql.js'

/** Whose address was taken over within that time counts as replaced. */
const REPLACED_WITHIN_SECONDS = 3_600

export interface Registered {
  /** The node, and those that it replaced. */
  rows: RegisteredNode[]
}

interface Known {
  id: number
  state: StoredNodeState | null
  leftAt: Date | null
  address: string | null
  number: number | null
  isOwned: boolean
}

/**
 * A node that comes up, comes back, or says something new. A new one at a known address (same service, environment and owner)
 * replaces the one that had it. null: it belongs to another owner. Within inNodeTransition only.
 */
export async function registerNode(client: Connection, projectId: number, node: Registration, at: Date): Promise<Registered | null> {
  const run = async <Row>(statement: Sql) => (await client.query(statement.build())).rows as Row[]
  await run(insertRow(projectId, node, at))
  const [known] = await run<Known>(lockRow(projectId, node))
  if (!known) throw new Error('node: the row that was just made is not there')
  if (known.isOwned) return null

  const isLive = known.state === 'up' || known.state === 'stale'
  const takesAddress = node.address !== null && (known.state === null || known.address !== node.address)
  const replaced = takesAddress ? await run<RegisteredNode>(replaceHolders(projectId, known.id, node, at)) : []
  const last = replaced.toSorted((a, b) => b.seenMicros - a.seenMicros)[0]
  const number = isLive && known.number !== null ? known.number : await chooseNumber(run, projectId, node, known, last)
  const change = { name: changeOf(known, last !== undefined), number, replaced: last?.uuid ?? null, isLive }
  return { rows: [...(await run<RegisteredNode>(updateRow(known, node, change, at))), ...replaced] }
}

/** null: it was up, so nothing happened to it. */
function changeOf({ state, leftAt }: Known, hasReplaced: boolean): string | null {
  if (hasReplaced && state !== 'up') return 'restart'
  if (state === 'up') return hasReplaced ? 'restart' : null
  return state === 'stale' || (state === 'gone' && leftAt === null) ? 'flap' : 'up'
}

function insertRow(projectId: number, { uuid, service, environment }: Registration, at: Date): Sql {
  return sql`
    INSERT INTO node (project_id, node_uuid, service, environment, first_seen_at)
    VALUES (${projectId}, ${uuid}, ${service}, ${environment}, ${at})
        ON CONFLICT DO NOTHING`
}

function lockRow(projectId: number, { uuid, service, environment, owner }: Registration): Sql {
  return sql`
    SELECT id, state, left_at AS "leftAt", address, number,
           state IS NOT NULL AND owner IS DISTINCT FROM decode(${owner}, 'hex') AS "isOwned"
      FROM node
     WHERE project_id = ${projectId} AND node_uuid = ${uuid} AND service = ${service} AND environment = ${environment}
       FOR UPDATE`
}

function replaceHolders(projectId: number, id: number, { uuid, service, environment, address, owner }: Registration, at: Date): Sql {
  return sql`
    WITH holder AS MATERIALIZED (
      SELECT id, state FROM node
       WHERE project_id = ${projectId} AND service = ${service} AND environment = ${environment}
         AND md5(address) = md5(${address}::text) AND address = ${address} AND id <> ${id}
         AND owner IS NOT DISTINCT FROM decode(${owner}, 'hex')
         AND (state IN ('up', 'stale')
              OR state = 'gone' AND successor IS NULL AND state_at > ${at}::timestamptz - ${REPLACED_WITHIN_SECONDS} * interval '1 second')
       ORDER BY id FOR UPDATE),
    moved AS (
      UPDATE node
         SET state = 'gone', state_at = CASE WHEN holder.state = 'gone' THEN node.state_at ELSE ${at} END, successor = ${uuid},
             revision = revision + 1, changed_by = pg_current_xact_id()
        FROM holder
       WHERE node.id = holder.id
      RETURNING node.*, holder.state AS was),
    told AS (
      INSERT INTO node_change (changed_at, project_id, node_id, change, was, state, revision, other)
      SELECT ${at}::timestamptz, project_id, id, 'restart', was, state, revision, ${uuid}::uuid FROM moved WHERE was <> 'gone')
    SELECT ${NODE_COLUMNS} FROM moved AS node`
}

/** Its own again, or that of the node it replaced, or the least: the first of these that no live node has. */
async function chooseNumber(
  run: <Row>(statement: Sql) => Promise<Row[]>,
  projectId: number,
  { service, environment }: Registration,
  known: Known,
  replaced: RegisteredNode | undefined,
): Promise<number> {
  const live = sql`node.project_id = ${projectId} AND node.service = ${service} AND node.environment = ${environment}
                   AND node.state IN ('up', 'stale')`
  const [chosen] = await run<{ number: number }>(sql`
    SELECT wish.number
      FROM (SELECT ${known.number}::int AS number, 0 AS place
             UNION ALL SELECT ${replaced?.number ?? null}::int, 1
             UNION ALL SELECT 1, 2
             UNION ALL SELECT node.number + 1, 2 FROM node WHERE ${live}) AS wish
     WHERE wish.number IS NOT NULL AND NOT EXISTS (SELECT FROM node WHERE ${live} AND node.number = wish.number)
     ORDER BY wish.place, wish.number
     LIMIT 1`)
  return chosen?.number ?? 1
}

interface Change {
  name: string | null
  number: number
  replaced: string | null
  isLive: boolean
}

function updateRow(known: Known, node: Registration, { name, number, replaced, isLive }: Change, at: Date): Sql {
  return sql`
    WITH moved AS (
      UPDATE node
         SET version = ${node.version},
             address = CASE WHEN ${isLive} THEN coalesce(${node.address}, address) ELSE ${node.address} END,
             properties = ${node.properties}::jsonb,
             host = coalesce(${node.host}, host), pid = coalesce(${node.pid}, pid),
             runtime = coalesce(${node.runtime}, runtime), sdk = coalesce(${node.sdk}, sdk),
             seen_at = ${at}, ttl_seconds = ${node.ttlSeconds}, left_at = NULL,
             state = 'up', state_at = CASE WHEN ${known.state === 'up'} THEN state_at ELSE ${at} END,
             number = ${number}, owner = decode(${node.owner}, 'hex'),
             replaced = coalesce(${replaced}::uuid, replaced), successor = NULL,
             revision = revision + 1, changed_by = pg_current_xact_id()
       WHERE id = ${known.id}
      RETURNING node.*),
    told AS (
      INSERT INTO node_change (changed_at, project_id, node_id, change, was, state, revision, other)
      SELECT ${at}::timestamptz, project_id, id, ${name}, ${known.state}::text, state, revision, ${replaced}::uuid FROM moved WHERE ${name}::text IS NOT NULL)
    SELECT ${NODE_COLUMNS} FROM moved AS node`
}
