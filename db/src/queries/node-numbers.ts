import { sql, type Sql } from './sql.js'

export interface NumberWish {
  service: string
  environment: string
  /** It is there already, under its own number. */
  isLive: boolean
  own: number | null
  /** Of the node that it replaced. */
  inherited: number | null
}

/**
 * The number of each: its own again, or that of the node it replaced, or the least: the first of these that no live node of its
 * service and environment has. The registry's lock keeps others from choosing meanwhile.
 */
export async function chooseNumbers(
  run: <Row>(statement: Sql) => Promise<Row[]>,
  projectId: number,
  wishes: readonly NumberWish[],
): Promise<number[]> {
  const open = wishes.filter(({ isLive, own }) => !isLive || own === null)
  if (open.length === 0) return wishes.map(({ own }) => own ?? 1)
  const rows = await run<{ service: string; environment: string; number: number }>(sql`
    SELECT node.service, node.environment, node.number
      FROM (SELECT DISTINCT service, environment
              FROM jsonb_to_recordset(${JSON.stringify(open)}::jsonb) AS given (service text, environment text)) AS wanted
      JOIN node ON node.service = wanted.service AND node.environment = wanted.environment
     WHERE node.project_id = ${projectId} AND node.state IN ('up', 'stale') AND node.number IS NOT NULL`)
  const taken = new Map<string, Set<number>>()
  for (const row of rows) takenOf(taken, row).add(row.number)
  return wishes.map((wish) => (wish.isLive && wish.own !== null ? wish.own : choose(wish, takenOf(taken, wish))))
}

function choose({ own, inherited }: NumberWish, taken: Set<number>): number {
  let number = [own, inherited].find((wished) => wished !== null && !taken.has(wished)) ?? 1
  while (taken.has(number)) number += 1
  taken.add(number)
  return number
}

function takenOf(taken: Map<string, Set<number>>, { service, environment }: Pick<NumberWish, 'service' | 'environment'>): Set<number> {
  const key = JSON.stringify([service, environment])
  const numbers = taken.get(key) ?? new Set()
  taken.set(key, numbers)
  return numbers
}
