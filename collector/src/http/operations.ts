import type { Database } from '@groundtrack/db'
import type { FastifyInstance } from 'fastify'
import type { CollectorHealth } from '../api.js'
import type { Intake } from '../ingest/intake.js'
import type { Registry } from '../registry/registry.js'
import type { LiveGauges } from '../telemetry/live-gauges.js'
import type { Metrics } from '../telemetry/metrics.js'

export interface OperationsOptions {
  db: Database
  version: string
  durability: CollectorHealth['durability']
  metrics: Metrics
  liveGauges: LiveGauges
  intake: Pick<Intake, 'budget' | 'isClosing'>
  registry: Pick<Registry, 'health'>
}

const PROBE_TIMEOUT_MS = 2_000

/** /healthz: the process runs. /readyz: it can store. /metrics: Prometheus' text format. */
export async function operationsRoutes(app: FastifyInstance, options: OperationsOptions): Promise<void> {
  const { db, version, durability, metrics, liveGauges, intake, registry } = options

  const readHealth = async (): Promise<CollectorHealth> => {
    const database = (await answers(db)) ? 'up' : 'down'
    const status = database === 'up' && !intake.isClosing() ? 'ready' : 'not_ready'
    return { status, durability, database, registry: registry.health().state, version, uptimeSeconds: Math.floor(process.uptime()) }
  }
  app.get('/healthz', async () => ({ name: 'groundtrack', ...(await readHealth()) }))
  app.get('/readyz', async (_request, reply) => {
    const health = await readHealth()
    return reply.code(health.status === 'ready' ? 200 : 503).send(health)
  })
  app.get('/metrics', async (_request, reply) => {
    const page = metrics.render(intake.budget.usedBytes) + (await liveGauges.render())
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(page)
  })
}

async function answers(db: Database): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, PROBE_TIMEOUT_MS, false)
  })
  const answer = db.read.query('SELECT 1').then(
    () => true,
    () => false,
  )
  try {
    return await Promise.race([answer, silence])
  } finally {
    clearTimeout(timer)
  }
}
