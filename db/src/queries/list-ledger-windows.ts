import type { ProjectReader } from './project-reader.js'
import { sql } from './sql.js'

/** Which of a node's numbers are asked about, inclusive; `low` null: from the first that its producer gave out. */
export interface LedgerQuestion {
  nodeId: number
  low: number | null
  high: number
}

/** What the ledger says of one producer of that node. */
export interface LedgerAnswer {
  nodeId: number
  /** The delivered numbers that were looked at lie between these, inclusive. */
  from: number
  to: number
  /** Numbers in between that never came. `isOpen`: no later number was received before `settledBefore`. */
  holes: { first: number; last: number; isOpen: boolean }[]
  /** Whether `from` is where its ledger begins. */
  isWhole: boolean
  /** Whether something looked at was received before `settledBefore`. */
  isSettled: boolean
}

/** Ranges looked at of one producer, the latest ones: four minutes of one that never rests. */
const MAX_RANGES = 1_000

/** One answer for each producer of each node asked about. Cost: one index scan each, of the ranges around the numbers. */
export async function listLedgerWindows(
  reader: ProjectReader,
  questions: readonly LedgerQuestion[],
  settledBefore: Date,
): Promise<LedgerAnswer[]> {
  return reader.query<LedgerAnswer>(
    sql`
    SELECT asked.node_id AS "nodeId", min(r.first)::float8 AS "from", max(r.last)::float8 AS "to",
           coalesce(json_agg(json_build_object('first', r.previous + 1, 'last', r.first - 1, 'isOpen', r.oldest >= ${settledBefore}::timestamptz)
                      ORDER BY r.first) FILTER (WHERE r.previous + 1 < r.first), '[]') AS holes,
           bool_or(r.previous = -1) AS "isWhole",
           bool_or(r.received_at < ${settledBefore}::timestamptz) AS "isSettled"
      FROM unnest(${questions.map(({ nodeId }) => nodeId)}::int[], ${questions.map(({ low }) => low)}::bigint[],
                  ${questions.map(({ high }) => high)}::bigint[]) AS asked (node_id, low, high)
      JOIN producer p ON p.node_id = asked.node_id AND p.project_id = ${reader.projectId}
     CROSS JOIN LATERAL (
           SELECT first, last, received_at, min(received_at) OVER (ORDER BY first DESC) AS oldest,
                  coalesce(lag(last) OVER (ORDER BY first), CASE WHEN asked.low IS NULL AND count(*) OVER () < ${MAX_RANGES} THEN -1 ELSE first - 1 END) AS previous
             FROM (SELECT first, last, received_at
                     FROM batch
                    WHERE (batch.project_id, batch.producer, batch.epoch) = (p.project_id, p.producer, p.epoch)
                      AND batch.first <= asked.high
                      AND batch.first >= coalesce((SELECT below.first FROM batch below
                                                    WHERE (below.project_id, below.producer, below.epoch) = (p.project_id, p.producer, p.epoch)
                                                      AND below.first <= asked.low
                                                    ORDER BY below.first DESC LIMIT 1), 0)
                    ORDER BY batch.first DESC
                    LIMIT ${MAX_RANGES}) AS near) AS r
     GROUP BY asked.node_id, p.producer, p.epoch`,
    'list-ledger-windows',
  )
}
