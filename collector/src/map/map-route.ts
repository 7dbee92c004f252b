import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { countTargetBreakers, listServiceNodes, sumCalls } from '@groundtrack/db'
import type { ServiceMap } from '../api-registry.js'
import { ApiError } from '../errors.js'
import { readTime } from '../query/request.js'
import type { QueryOptions } from '../query/routes.js'
import { formatMicros } from '../query/time.js'
import { presentEdges, presentServices } from './present-map.js'

const Query = Type.Object({
  from: Type.Optional(Type.String({ maxLength: 64 })),
  to: Type.Optional(Type.String({ maxLength: 64 })),
  environment: Type.Optional(Type.String({ maxLength: 255 })),
})

const MINUTE_MS = 60_000
const DEFAULT_RANGE_MS = 3_600_000

/** Who calls whom. Calls are counted by the minute, so the range is widened to whole ones; nodes and breakers are those of now. */
export const mapRoute: FastifyPluginAsyncTypebox<QueryOptions> = async (app, { reader, now }) => {
  app.get('/api/v1/map', { schema: { querystring: Query } }, async (request): Promise<ServiceMap> => {
    const nowMs = now()
    const environment = request.query.environment ?? null
    const to = Math.min(readTime(request.query.to, nowMs)?.getTime() ?? nowMs, nowMs)
    const from = readTime(request.query.from, nowMs)?.getTime() ?? to - DEFAULT_RANGE_MS
    if (from > to) throw new ApiError('bad_request')
    const fromMinute = Math.floor(from / MINUTE_MS) * MINUTE_MS
    const toMinute = Math.ceil(to / MINUTE_MS) * MINUTE_MS
    const seconds = (Math.min(toMinute, nowMs) - fromMinute) / 1_000
    const at = new Date(nowMs)
    const [sums, breakers, nodes] = await Promise.all([
      sumCalls(reader, { from: new Date(fromMinute), to: new Date(toMinute), environment }),
      countTargetBreakers(reader, { environment, now: at }),
      listServiceNodes(reader, { environment, now: at, goneAfter: new Date(Math.min(fromMinute, nowMs - DEFAULT_RANGE_MS)) }),
    ])
    const edges = presentEdges(sums, breakers, seconds)
    const range = { from: formatMicros(fromMinute * 1_000), to: formatMicros(Math.min(toMinute, nowMs) * 1_000) }
    return { asOf: formatMicros(nowMs * 1_000), ...range, services: presentServices(edges, nodes, seconds), edges }
  })
}
