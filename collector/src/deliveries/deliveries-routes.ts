import type { FastifyInstance } from 'fastify'
import { openProjectReader, sumDeliveries, type Database, type ProducerFigures, type ServiceFigures } from '@groundtrack/db'
import type { Deliveries, ProducerDeliveries, ServiceDeliveries } from '../api.js'
import { formatMicros } from '../query/time.js'

export interface DeliveriesOptions {
  db: Database
  /** Milliseconds since the epoch. */
  now: () => number
  projectId: number
}

/** A number is waited for that long after a later one of its producer came. */
const HELD_MS = 600_000
const MAX_SERVICES = 500
const MAX_PRODUCERS = 50

/** What became of every event: the sums of all, and the services and producers that most deserve a look. */
export async function deliveriesRoutes(app: FastifyInstance, { db, now, projectId }: DeliveriesOptions): Promise<void> {
  const reader = openProjectReader(db.read, projectId)

  app.get('/api/v1/deliveries', async (): Promise<Deliveries> => {
    const nowMs = now()
    const { total, serviceCount, services } = await sumDeliveries(reader, {
      now: new Date(nowMs),
      settledBefore: new Date(nowMs - HELD_MS),
      maxServices: MAX_SERVICES,
      maxProducers: MAX_PRODUCERS,
    })
    return { total, serviceCount, services: services.map(presentService) }
  })
}

function presentService({ producers, ...service }: ServiceFigures): ServiceDeliveries {
  return { ...service, producers: producers.map(presentProducer) }
}

function presentProducer({ seenMicros, ...producer }: ProducerFigures): ProducerDeliveries {
  return { ...producer, lastSeen: formatMicros(seenMicros) }
}
