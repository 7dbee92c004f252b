import { escapeLiteral } from 'pg'

/** What one flush learned of one breaker. */
export interface BreakerRow {
  projectId: number
  /** 32 hex digits. */
  breakerId: string
  nodeId: number
  target: { node: string | null; service: string | null; address: string | null }
  /** Its last turn; null where it was only used, closed as all are at first. */
  turn: BreakerTurnRow | null
}

export interface BreakerTurnRow {
  micros: number
  /** Code of codes.ts. */
  state: number
  failures: number
  reason: string
  retestMicros: number | null
  session: string
  /** Signed decimal. */
  span: string
  number: number | null
  /** The event's place among those of its producer, where it has one. */
  producer: string | null
  epoch: number | null
  seq: number | null
}

/**
 * Brings the breakers to their last known state. A turn counts where it is later: by its producer's numbers, or, of different
 * producers, by its time. Sorted by id, since unsorted upserts of two writers deadlock.
 */
export function upsertBreakers(rows: readonly BreakerRow[], receivedAt: Date): string {
  const given = rows.map(({ projectId, breakerId, nodeId, target, turn }) => ({
    project_id: projectId,
    breaker_id: breakerId,
    node_id: nodeId,
    target_node: target.node,
    target_service: target.service,
    target_address: target.address,
    ...(turn && {
      state: turn.state,
      turned_at: toIso(turn.micros),
      failures: turn.failures,
      reason: turn.reason,
      retest_at: turn.retestMicros === null ? null : toIso(turn.retestMicros),
      session_id: turn.session,
      span: turn.span,
      number: turn.number,
      producer: turn.producer,
      epoch: turn.epoch,
      seq: turn.seq,
    }),
  }))
  return `
    INSERT INTO breaker AS known
           (project_id, breaker_id, node_id, target_node, target_service, target_address, state, turned_at, failures, reason, retest_at,
            session_id, span, number, producer, epoch, seq, first_seen_at)
    SELECT project_id, breaker_id, node_id, target_node, target_service, target_address, coalesce(state, 0), turned_at, coalesce(failures, 0),
           coalesce(reason, ''), retest_at, session_id, span, number, producer, epoch, seq, ${escapeLiteral(receivedAt.toISOString())}
      FROM jsonb_to_recordset(${escapeLiteral(JSON.stringify(given))})
           AS given (project_id integer, breaker_id uuid, node_id integer, target_node uuid, target_service text, target_address text,
                     state smallint, turned_at timestamptz, failures integer, reason text, retest_at timestamptz, session_id uuid, span bigint,
                     number integer, producer uuid, epoch integer, seq bigint)
     ORDER BY project_id, breaker_id
        ON CONFLICT (project_id, breaker_id) DO UPDATE
       SET node_id = excluded.node_id, state = excluded.state, turned_at = excluded.turned_at, failures = excluded.failures,
           reason = excluded.reason, retest_at = excluded.retest_at, session_id = excluded.session_id, span = excluded.span,
           number = excluded.number, producer = excluded.producer, epoch = excluded.epoch, seq = excluded.seq,
           target_service = coalesce(excluded.target_service, known.target_service),
           target_address = coalesce(excluded.target_address, known.target_address)
     WHERE excluded.turned_at IS NOT NULL
       AND (known.turned_at IS NULL
            OR CASE WHEN known.producer = excluded.producer THEN (excluded.epoch, excluded.seq) > (known.epoch, known.seq)
                    ELSE excluded.turned_at > known.turned_at END)`
}

/** Microseconds as PostgreSQL reads them. */
function toIso(micros: number): string {
  const ms = Math.floor(micros / 1000)
  return `${new Date(ms).toISOString().slice(0, -1)}${String(Math.round(micros - ms * 1000)).padStart(3, '0')}Z`
}
