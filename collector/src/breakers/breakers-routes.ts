import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { countBreakers, listBreakers, listGaps, listNodeChangesSince, listRecentTurns, type BreakerPosition } from '@groundtrack/db'
import type { BreakerBoard, BreakerState } from '../api-registry.js'
import { ApiError } from '../errors.js'
import { decodeCursor, encodeCursor } from '../query/cursor.js'
import { groupBy } from '../query/group-by.js'
import { PageParameters, readLimit } from '../query/request.js'
import type { QueryOptions } from '../query/routes.js'
import { formatMicros } from '../query/time.js'
import { isWorthALane, layLane } from './lane.js'
import { listSilences } from './silences.js'
import { presentBreaker, stateOf } from './present-breaker.js'

const Query = Type.Object({ ...PageParameters, environment: Type.Optional(Type.String({ maxLength: 255 })) })

const MAX_LIMIT = 1_000
const HOUR_MS = 3_600_000
/** Of all breakers in the last hour: beyond that the oldest turns are not drawn. */
const MAX_TURNS = 5_000
const ID = /^[0-9a-f]{32}$/

/** All breakers as they are now, what needs a look first, each with its last hour. */
export const breakersRoutes: FastifyPluginAsyncTypebox<QueryOptions> = async (app, { reader, now }) => {
  app.get('/api/v1/breakers', { schema: { querystring: Query } }, async (request): Promise<BreakerBoard> => {
    const nowMs = now()
    const { cursor } = request.query
    const at = { environment: request.query.environment ?? null, now: new Date(nowMs) }
    const limit = readLimit(request.query.limit, MAX_LIMIT, MAX_LIMIT)
    const hourAgo = new Date(nowMs - HOUR_MS)
    const [found, counted, turns, changes, gaps] = await Promise.all([
      listBreakers(reader, { ...at, limit: limit + 1, ...(cursor !== undefined && { after: readCursor(cursor) }) }),
      countBreakers(reader, at),
      listRecentTurns(reader, hourAgo, at.now, MAX_TURNS),
      listNodeChangesSince(reader, hourAgo),
      listGaps(reader, hourAgo),
    ])
    const page = found.slice(0, limit)
    const last = found.length > limit ? page.at(-1) : undefined
    const turnsOf = groupBy(turns.toReversed(), (turn) => turn.breaker)
    const changesOf = groupBy(changes, (change) => change.nodeId)
    const bounds = { from: hourAgo.getTime() * 1_000, to: nowMs * 1_000 }
    const counts: BreakerBoard['counts'] = { closed: 0, open: 0, half_open: 0, unknown: 0 }
    for (const { state, isHeard, breakers } of counted) counts[isHeard ? stateOf(state) : ('unknown' satisfies BreakerState)] += breakers
    return {
      asOf: formatMicros(nowMs * 1_000),
      counts,
      items: page.map((row) => {
        const silences = listSilences(changesOf.get(row.callerId) ?? [], gaps, bounds.to)
        const parts = { breaker: row, turns: turnsOf.get(row.id) ?? [], silences, ...bounds }
        const lane = isWorthALane(parts) ? layLane(parts) : []
        return { ...presentBreaker(row), lane }
      }),
      next: last ? encodeCursor('breakers', [last.rank, last.id]) : null,
    }
  })
}

function readCursor(cursor: string): BreakerPosition {
  const [rank, id] = decodeCursor('breakers', cursor, ['number', 'string'])
  if (!Number.isInteger(rank) || Number(rank) < 0 || Number(rank) > 3 || !ID.test(String(id))) throw new ApiError('bad_cursor')
  return { rank: Number(rank), id: String(id) }
}
