import type { Connection } from '../connection.js'

/** A new writer id for one ingest connection of one collector. */
export async function insertWriter(connection: Connection, collector: string, startedAt: Date): Promise<number> {
  const { rows } = await connection.query<{ id: number }>('INSERT INTO writer (collector, started_at) VALUES ($1, $2) RETURNING id', [
    collector,
    startedAt,
  ])
  const id = rows[0]?.id
  if (id === undefined) throw new Error('writer: no id returned')
  return id
}
