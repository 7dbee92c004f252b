import { escapeLiteral } from 'pg'
import type { Connection } from '../connection.js'

/** What a request without a producer is known by. */
export interface RequestKey {
  projectId: number
  digest: Buffer
}

/**
 * Remembers these requests, so that a retry is stored once; fails with a unique violation where one is known. Waits for a writer
 * that is just storing the same request. Sorted by key, since unsorted inserts of two writers deadlock. Keys must be distinct.
 */
export function insertRequestKeys(keys: readonly RequestKey[], receivedAt: Date): string {
  const given = keys.map(({ projectId, digest }) => ({ project_id: projectId, digest: digest.toString('hex') }))
  return `INSERT INTO request_key (project_id, digest, received_at)
    SELECT project_id, decode(digest, 'hex'), ${escapeLiteral(receivedAt.toISOString())}
      FROM jsonb_to_recordset(${escapeLiteral(JSON.stringify(given))}) AS given (project_id integer, digest text)
     ORDER BY project_id, digest`
}

/** Which of these requests are known, as hex of their digests. */
export async function listKnownRequests(connection: Connection, keys: readonly RequestKey[]): Promise<Set<string>> {
  const { rows } = await connection.query<{ digest: Buffer }>({
    name: 'list-known-requests',
    text: `
      SELECT request_key.digest
        FROM request_key JOIN unnest($1::int[], $2::bytea[]) AS given (project_id, digest) USING (project_id, digest)`,
    values: [keys.map(({ projectId }) => projectId), keys.map(({ digest }) => digest)],
  })
  return new Set(rows.map(({ digest }) => digest.toString('hex')))
}
