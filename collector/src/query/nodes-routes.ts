import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { listChangesOfNode, listServicesOfNode, listUnannouncedOf, type StoredNodeChange } from '@groundtrack/db'
import type { BoardNode, NodeChange, NodePage, NodesBoard, NodeState } from '../api.js'
import { listBreakersOf } from '../breakers/list-breakers-of.js'
import { ApiError } from '../errors.js'
import { presentBoardNode, presentUnannounced } from '../registry/board-node.js'
import { NodeBoard, type Board } from '../registry/node-board.js'
import type { Registry } from '../registry/registry.js'
import { decodeCursor, encodeCursor } from './cursor.js'
import { PageParameters, readLimit } from './request.js'
import type { QueryOptions } from './routes.js'
import { formatMicros } from './time.js'

const Name = Type.Optional(Type.String({ maxLength: 1_024 }))
const Query = Type.Object({ environment: Name, service: Name, ...PageParameters })
const Params = Type.Object({ id: Type.String({ maxLength: 36, minLength: 36, pattern: '^[0-9a-fA-F-]{36}$' }) })

const USUAL_LIMIT = 1_000
const MAX_LIMIT = 2_000
const MAX_CHANGES = 200
/** Filters and pages of one board that are kept as text. */
const MAX_ANSWERS = 64

/** Who is there, and what became of one process. */
export const nodesRoutes: FastifyPluginAsyncTypebox<QueryOptions & { registry: Registry }> = async (app, { reader, now, registry }) => {
  const boards = new NodeBoard({ registry, reader, now })

  app.get('/api/v1/nodes', { schema: { querystring: Query } }, async (request, reply) => {
    const board = await boards.get()
    const key = JSON.stringify(request.query)
    const answer = board.answers.get(key) ?? JSON.stringify(presentBoard(board, request.query))
    if (board.answers.size < MAX_ANSWERS) board.answers.set(key, answer)
    return reply.type('application/json; charset=utf-8').send(answer)
  })

  app.get('/api/v1/nodes/:id', { schema: { params: Params } }, async (request): Promise<NodePage> => {
    const uuid = request.params.id.toLowerCase()
    const [rows, unannounced] = await Promise.all([listServicesOfNode(reader, uuid), listUnannouncedOf(reader, uuid)])
    if (rows.length + unannounced.length === 0) throw new ApiError('not_found')
    const [facts, changes, breakers] = await Promise.all([
      boards.facts(),
      listChangesOfNode(
        reader,
        rows.map(({ id }) => id),
        MAX_CHANGES,
      ),
      listBreakersOf(reader, uuid, now()),
    ])
    const serviceOf = new Map(rows.map(({ id, service }) => [id, service]))
    return {
      asOf: formatMicros(facts.nowMicros),
      registry: registry.health(),
      services: [...rows.map((row) => presentBoardNode(row, facts)), ...unannounced.map((row) => presentUnannounced(row, facts))],
      changes: changes.map((change) => presentChange(change, serviceOf.get(change.nodeId) ?? '')),
      breakers,
    }
  })
}

interface BoardQuery {
  environment?: string
  service?: string
  limit?: number
  cursor?: string
}

function presentBoard({ nowMs, health, nodes }: Board, { environment, service, limit, cursor }: BoardQuery): NodesBoard {
  const wanted = nodes.filter(
    (node) => (environment === undefined || node.environment === environment) && (service === undefined || node.service === service),
  )
  const counts: Record<NodeState, number> = { up: 0, stale: 0, gone: 0, restarting: 0, unknown: 0 }
  for (const { state } of wanted) counts[state] += 1
  const start = cursor === undefined ? 0 : findAfter(wanted, cursor)
  const items = wanted.slice(start, start + readLimit(limit, USUAL_LIMIT, MAX_LIMIT))
  const last = start + items.length < wanted.length ? items.at(-1) : undefined
  const next = last ? encodeCursor('nodes', [last.service, last.environment, last.id, start + items.length]) : null
  return { items, next, asOf: formatMicros(nowMs * 1_000), registry: health, counts }
}

/** After the node that the page before ended with; where that is gone from the board, about there. */
function findAfter(nodes: readonly BoardNode[], cursor: string): number {
  const [service, environment, id, position] = decodeCursor('nodes', cursor, ['string', 'string', 'string', 'number'])
  const found = nodes.findIndex((node) => node.id === id && node.service === service && node.environment === environment)
  return found >= 0 ? found + 1 : Math.max(0, Math.min(nodes.length, Math.floor(Number(position)) - 1))
}

function presentChange({ micros, change, state, other }: StoredNodeChange, service: string): NodeChange {
  const isNew = state === 'up'
  return {
    time: formatMicros(micros),
    service,
    change,
    ...(other !== null && isNew && { replaced: other }),
    ...(other !== null && !isNew && { replacedBy: other }),
  }
}
