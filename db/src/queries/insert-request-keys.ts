import type { Connection } from '../connection.js'

export interface RequestKey {
  projectId: number
  digest: Buffer
}

/**
 * Remembers requests that have no producer, so that a retry is stored once. Answers the digests (hex) that were new. Waits for
 * a writer that is just storing the same request. Sorted by key, since unsorted inserts of two writers deadlock.
 */
export async function insertRequestKeys(connection: Connection, keys: readonly RequestKey[], receivedAt: Date): Promise<Set<string>> {
  const { rows } = await connection.query<{ digest: Buffer }>({
    name: 'insert-request-keys',
    text: `
      INSERT INTO request_key (project_id, digest, received_at)
      SELECT project_id, digest, $3 FROM unnest($1::int[], $2::bytea[]) AS given (project_id, digest) ORDER BY project_id, digest
          ON CONFLICT (project_id, digest) DO NOTHING
      RETURNING digest`,
    values: [keys.map(({ projectId }) => projectId), keys.map(({ digest }) => digest), receivedAt],
  })
  return new Set(rows.map(({ digest }) => digest.toString('hex')))
}
