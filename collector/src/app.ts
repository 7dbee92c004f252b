import { randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { openProjectReader, summariseArrivals, type Database } from '@groundtrack/db'
import type { CollectorHealth } from './api.js'
import { readVersion } from './cli/version.js'
import { deliveriesRoutes } from './deliveries/deliveries-routes.js'
import { handleError } from './errors.js'
import { answerUnknownRoutes } from './http/known-routes.js'
import { operationsRoutes } from './http/operations.js'
import { guardOrigin } from './http/origin-guard.js'
import { addSecurityHeaders } from './http/security-headers.js'
import { SERVER_OPTIONS } from './http/server-options.js'
import { viewerRoutes } from './http/viewer.js'
import { ByteBudget } from './ingest/budget.js'
import { Turns } from './ingest/turns.js'
import { PROJECT_ID, type Intake } from './ingest/intake.js'
import { INGEST_LIMITS, type IngestLimits } from './ingest/limits.js'
import { NodeIds } from './ingest/node-ids.js'
import { ingestRoutes } from './ingest/routes.js'
import { Writer, type CommittedFlush } from './ingest/writer.js'
import { queryRoutes } from './query/routes.js'
import { Registry } from './registry/registry.js'
import { registryRoutes } from './registry/registry-routes.js'
import { Follower } from './tail/follower.js'
import { tailRoute } from './tail/tail-route.js'
import { LiveGauges } from './telemetry/live-gauges.js'
import { Metrics } from './telemetry/metrics.js'

export interface AppConfig {
  /** The port to listen on; injected requests must name it in Host. */
  port: number
  /** Events older than that are flagged `old`. */
  retentionDays: number
}

export interface AppOptions {
  db: Database
  config: AppConfig
  log: FastifyBaseLogger
  /** Milliseconds since the epoch; tests pass their own. */
  now?: () => number
  /** Milliseconds that never go back; tests pass their own. */
  monotonicMs?: () => number
  /** What the database's settings promise, as read at the start. */
  durability?: CollectorHealth['durability']
  /** Where the built viewer lies. */
  viewerDirectory?: string
  limits?: Partial<IngestLimits>
  /** Ingest connections that write side by side. */
  lanes?: number
  /** Told of every flush right after its commit. */
  onFlush?: (flush: CommittedFlush) => void
}

const VIEWER_DIRECTORY = fileURLToPath(new URL('../../web/dist', import.meta.url))
const MAX_CONNECTIONS = 4_096
const DAY_MS = 86_400_000

/** The collector's HTTP side, ready to listen. Everything it serves is registered here, in order. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { db, config, log, now = Date.now, durability = 'unknown', viewerDirectory = VIEWER_DIRECTORY } = options
  const app = Fastify({ ...SERVER_OPTIONS, loggerInstance: log })
  app.server.maxConnections = MAX_CONNECTIONS
  app.setErrorHandler(handleError)
  answerUnknownRoutes(app)
  addSecurityHeaders(app)
  guardOrigin(app, config.port)

  const metrics = new Metrics()
  const liveGauges = new LiveGauges(openProjectReader(db.read, PROJECT_ID), now)
  const summarise = () => summariseArrivals(db.owner, new Date(now()))
  const follower = new Follower({ reader: openProjectReader(db.follow, PROJECT_ID), log, summarise })
  const onFlush = (flush: CommittedFlush) => {
    follower.wake()
    options.onFlush?.(flush)
  }
  const intake = openIntake(app, { ...options, onFlush }, metrics, now)
  const registry = openRegistry(app, options, now)
  await app.register(operationsRoutes, { db, version: readVersion(), durability, metrics, liveGauges, intake, registry })
  await app.register(ingestRoutes, { intake })
  await app.register(registryRoutes, { registry })
  await app.register(queryRoutes, { db, now, registry })
  await app.register(tailRoute, { db, follower, now, projectId: PROJECT_ID })
  await app.register(deliveriesRoutes, { db, now, projectId: PROJECT_ID })
  await app.register(viewerRoutes, { directory: viewerDirectory })
  return app
}

/** Listens from the first request on until the last one is answered. What is read shows nodes as they are at that instant. */
function openRegistry(app: FastifyInstance, { db, log, monotonicMs = () => performance.now() }: AppOptions, now: () => number): Registry {
  const registry = new Registry({ db, projectId: PROJECT_ID, now, monotonicMs, log })
  app.addHook('onReady', () => registry.start())
  app.addHook('onRequest', async ({ url }) => (url.startsWith('/api/') ? registry.settle() : undefined))
  app.addHook('onClose', () => registry.stop())
  return registry
}

/** What the ingest routes share. Closing the app stops it first: new requests are turned away, those in flight are finished. */
function openIntake(
  app: FastifyInstance,
  { db, config, log, limits, lanes = 2, onFlush }: AppOptions,
  metrics: Metrics,
  now: () => number,
): Intake {
  const bounds = { ...INGEST_LIMITS, ...limits }
  const writer = new Writer({ db, collector: randomUUID(), now, limits: bounds, log, metrics, lanes, ...(onFlush && { onFlush }) })
  let isClosing = false
  app.addHook('preClose', async () => {
    isClosing = true
    await writer.close()
  })
  return {
    limits: bounds,
    budget: new ByteBudget(bounds.maxBytesInFlight),
    turns: new Turns(),
    nodes: new NodeIds(db.ingest, now),
    writer,
    metrics,
    now,
    retentionMs: config.retentionDays * DAY_MS,
    isClosing: () => isClosing,
  }
}
