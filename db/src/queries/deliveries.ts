import type { ProjectReader } from './project-reader.js'
import { sql } from './sql.js'

/** Numbers of events; logged = stored + rejected + dropped + held + unexplained. */
export interface DeliveryFigures {
  logged: number
  stored: number
  rejected: number
  dropped: number
  held: number
  unexplained: number
}

export interface ProducerFigures extends DeliveryFigures {
  producer: string
  epoch: number
  /** UUID. */
  node: string
  seenMicros: number
}

export interface ServiceFigures extends DeliveryFigures {
  service: string
  environment: string
  /** How many there are; `producers` lists the first of them. */
  producerCount: number
  producers: ProducerFigures[]
}

export interface DeliveriesQuery {
  now: Date
  /** Holes below what was received before are settled: nobody waits for them any more. */
  settledBefore: Date
  maxServices: number
  /** Of each service. */
  maxProducers: number
}

export interface DeliveriesAnswer {
  total: DeliveryFigures
  serviceCount: number
  /** Those with unexplained numbers first, then those with held ones, then the others by name. */
  services: ServiceFigures[]
}

const NONE: DeliveryFigures = { logged: 0, stored: 0, rejected: 0, dropped: 0, held: 0, unexplained: 0 }

const SUMS = sql`sum(logged)::float8 AS logged, sum(stored)::float8 AS stored, sum(rejected)::float8 AS rejected,
                 sum(dropped)::float8 AS dropped, sum(held)::float8 AS held, sum(unexplained)::float8 AS unexplained`

/**
 * What became of every number that producers are known to have given out, and how many events came without any number. A producer
 * counts from 0, so it logged as many as its greatest known number and one; what its ranges in the ledger don't cover is a hole.
 * Ranges don't overlap: the last one received before `settledBefore` settles every hole below it.
 * Cost: one pass over the ledger, the absences and, where nodes write without a producer, the sums of their events.
 */
export async function sumDeliveries(reader: ProjectReader, query: DeliveriesQuery): Promise<DeliveriesAnswer> {
  const { projectId } = reader
  const rows = await reader.query<ServiceFigures & { total: DeliveryFigures; serviceCount: number }>(sql`
    WITH ledger AS MATERIALIZED (
      SELECT producer, epoch, max(last) + 1 AS logged, sum(last - first + 1)::bigint AS covered,
             coalesce(max(last) FILTER (WHERE received_at < ${query.settledBefore}::timestamptz), -1) AS settled
        FROM batch WHERE project_id = ${projectId} GROUP BY producer, epoch),
    fresh AS (
      SELECT producer, epoch, ledger.logged - 1 - ledger.settled - sum(batch.last - batch.first + 1)::bigint AS numbers
        FROM ledger JOIN batch USING (producer, epoch)
       WHERE ledger.logged > ledger.covered AND batch.project_id = ${projectId} AND batch.first > ledger.settled
         AND batch.received_at >= ${query.settledBefore}::timestamptz
       GROUP BY producer, epoch, ledger.logged, ledger.settled),
    absent AS (
      SELECT producer, epoch, sum(dropped)::bigint AS dropped, sum(rejected)::bigint AS rejected
        FROM (SELECT producer, epoch, CASE state WHEN 'dropped' THEN last - first + 1 ELSE 0 END AS dropped,
                     CASE state WHEN 'rejected' THEN last - first + 1 ELSE 0 END AS rejected
                FROM absence WHERE project_id = ${projectId} GROUP BY producer, epoch, state, first, last
              UNION ALL
              SELECT producer, epoch, dropped, rejected FROM absence_sum WHERE project_id = ${projectId}) AS known
       GROUP BY producer, epoch),
    known AS (
      SELECT producer.producer, producer.epoch, producer.seen_at, node.node_uuid, node.service, node.environment,
             coalesce(ledger.logged, 0) AS logged, coalesce(ledger.covered, 0) AS covered,
             coalesce(absent.dropped, 0) AS dropped, coalesce(absent.rejected, 0) AS rejected,
             CASE WHEN node.state = 'gone' THEN 0 ELSE coalesce(fresh.numbers, 0) END AS held
        FROM producer
        JOIN node ON node.id = producer.node_id
        LEFT JOIN ledger USING (producer, epoch)
        LEFT JOIN fresh USING (producer, epoch)
        LEFT JOIN absent USING (producer, epoch)
       WHERE producer.project_id = ${projectId}),
    figures AS (
      SELECT *, covered - dropped - rejected AS stored, logged - covered - held AS unexplained,
             row_number() OVER (PARTITION BY service, environment
                                ORDER BY logged - covered - held DESC, held DESC, dropped + rejected DESC, seen_at DESC, producer, epoch) AS place
        FROM known),
    unnumbered AS (
      SELECT node.service, node.environment, sum(event_count.events) AS events
        FROM event_count JOIN node ON node.id = event_count.node_id
       WHERE event_count.project_id = ${projectId}
         AND NOT EXISTS (SELECT FROM producer WHERE producer.project_id = ${projectId} AND producer.node_id = event_count.node_id)
       GROUP BY node.service, node.environment),
    services AS (
      SELECT service, environment, ${SUMS}, sum(producers)::int AS "producerCount"
        FROM (SELECT service, environment, logged, stored, rejected, dropped, held, unexplained, 1 AS producers FROM figures
              UNION ALL
              SELECT service, environment, events, events, 0, 0, 0, 0, 0 FROM unnumbered) AS parts
       GROUP BY service, environment),
    listed AS (
      SELECT service, environment,
             json_agg(json_build_object('producer', producer, 'epoch', epoch, 'node', node_uuid, 'logged', logged, 'stored', stored,
                        'rejected', rejected, 'dropped', dropped, 'held', held, 'unexplained', unexplained,
                        'seenMicros', (extract(epoch FROM seen_at) * 1000000)::float8) ORDER BY place) AS producers
        FROM figures WHERE place <= ${query.maxProducers} GROUP BY service, environment)
    SELECT services.*, coalesce(listed.producers, '[]') AS producers,
           (SELECT row_to_json(sums) FROM (SELECT ${SUMS} FROM services) AS sums) AS total,
           (SELECT count(*)::int FROM services) AS "serviceCount"
      FROM services LEFT JOIN listed USING (service, environment)
     ORDER BY unexplained DESC, held DESC, service, environment
     LIMIT ${query.maxServices}`)
  return {
    total: rows[0]?.total ?? NONE,
    serviceCount: rows[0]?.serviceCount ?? 0,
    services: rows.map(({ total: _total, serviceCount: _count, ...service }) => service),
  }
}
