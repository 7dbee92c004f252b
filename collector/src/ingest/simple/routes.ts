import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { decodeContext, PROJECT_ID, withBody, writeCounted, type Intake } from '../intake.js'
import { DEFAULT_ENVIRONMENT } from '../node-info.js'
import { listGroup } from '../native/event-sink.js'
import { presentRejected } from '../rejected.js'
import type { Content, EventGroup } from '../write-request.js'
import { decodeLines, type DecodedLines } from './decode-lines.js'

/** JSON lines from a shell, whatever their content type. With an Idempotency-Key a retry is stored once. */
export function simpleRoutes(app: FastifyInstance, intake: Intake): void {
  app.post('/v1/events', async (request) => {
    const key = request.headers['idempotency-key']
    const requestKey = typeof key === 'string' && key !== '' ? createHash('sha256').update(`events ${key}`).digest() : null
    return withBody(intake, request.raw, (body, grow) => storeLines(intake, body, grow, requestKey))
  })
}

async function storeLines(intake: Intake, body: Buffer, grow: (bytes: number) => void, requestKey: Buffer | null) {
  const context = decodeContext(intake)
  const decoded = decodeLines(body, context)
  if (decoded.lines.length === 0) return { stored: 0, duplicate: false, rejected: [] }
  const nodeIds = await listNodeIds(intake, decoded)
  const content = toContent(decoded, nodeIds)
  for (const { rows } of decoded.sinks.values()) grow(rows.capacity)
  const outcome = await writeCounted(intake, {
    projectId: PROJECT_ID,
    range: null,
    requestKey,
    content,
    listLines: () => decoded.lines,
    without: (refused) => toContent(decodeLines(body, context, refused), nodeIds),
  })
  const rejected = outcome.kind === 'conflict' ? [] : outcome.rejected.map(presentRejected)
  return { stored: outcome.kind === 'stored' ? outcome.stored : 0, duplicate: outcome.kind === 'duplicate', rejected }
}

async function listNodeIds(intake: Intake, { sinks }: DecodedLines): Promise<Map<string, number>> {
  const ids = new Map<string, number>()
  for (const [service, { nodeUuid }] of sinks) {
    const nothing = { address: null, host: null, pid: null, runtime: null, sdk: null }
    const node = {
      projectId: PROJECT_ID,
      uuid: nodeUuid,
      service,
      version: '',
      environment: DEFAULT_ENVIRONMENT,
      origin: 'native',
      ...nothing,
    } as const
    ids.set(service, await intake.nodes.get(node))
  }
  return ids
}

function toContent({ sinks, rejected }: DecodedLines, nodeIds: ReadonlyMap<string, number>): Content {
  const groups: EventGroup[] = []
  for (const [service, sink] of sinks) {
    const nodeId = nodeIds.get(service)
    if (nodeId !== undefined) groups.push(...listGroup(sink, nodeId, service))
  }
  return { groups, rejected }
}
