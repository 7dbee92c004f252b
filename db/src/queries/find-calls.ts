import type { Connection } from '../connection.js'

export interface CallKey {
  session: string
  /** 16 hex digits. */
  call: string
}

export interface FoundCall extends CallKey {
  /** Null where its clock was suspect. */
  micros: number | null
  detail: Record<string, unknown> | null
  /** A return of it is stored already. */
  isAnswered: boolean
}

/** The calls of these ids among the events received since then; see the function in the migrations. */
export async function findCalls(connection: Connection, projectId: number, calls: readonly CallKey[], since: Date): Promise<FoundCall[]> {
  const { rows } = await connection.query<FoundCall>({
    name: 'find-calls',
    text: 'SELECT session, call, micros, detail, is_answered AS "isAnswered" FROM find_calls($1, $2, $3)',
    values: [projectId, JSON.stringify(calls), since],
  })
  return rows
}
