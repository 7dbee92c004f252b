import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { countBreakers, listBreakers, listRecentTurns, type BreakerPosition, type StoredTurn } from '@groundtrack/db'
import type { BreakerBoard, BreakerState } from '../api-registry.js'
import { ApiError } from '../errors.js'
import { decodeCursor, encodeCursor } from '../query/cursor.js'
import { PageParameters, readLimit } from '../query/request.js'
import type { QueryOptions } from '../query/routes.js'
import { formatMicros } from '../query/time.js'
import { isWorthALane, layLane } from './lane.js'
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
    const [found, counted, turns] = await Promise.all([
      listBreakers(reader, { ...at, limit: limit + 1, ...(cursor !== undefined && { after: readCursor(cursor) }) }),
      countBreakers(reader, at),
      listRecentTurns(reader, hourAgo, at.now, MAX_TURNS),
    ])
    const page = found.slice(0, limit)
    const last = found.length > limit ? page.at(-1) : undefined
    const turnsOf = groupTurns(turns)
    const counts: BreakerBoard['counts'] = { closed: 0, open: 0, half_open: 0, unknown: 0 }
    for (const { state, isHeard, breakers } of counted) counts[isHeard ? stateOf(state) : ('unknown' satisfies BreakerState)] += breakers
    return {
      asOf: formatMicros(nowMs * 1_000),
      counts,
      items: page.map((row) => {
        const own = turnsOf.get(row.id) ?? []
        const lane = isWorthALane(row, own) ? layLane(row, own, undefined, hourAgo.getTime() * 1_000, nowMs * 1_000) : []
        return { ...presentBreaker(row), lane }
      }),
      next: last ? encodeCursor('breakers', [last.rank, last.id]) : null,
    }
  })
}

/** By breaker, oldest first. */
export function groupTurns(turns: readonly StoredTurn[]): Map<string, StoredTurn[]> {
  const turnsOf = new Map<string, StoredTurn[]>()
  for (const turn of turns.toReversed()) {
    const own = turnsOf.get(turn.breaker)
    if (own) own.push(turn)
    else turnsOf.set(turn.breaker, [turn])
  }
  return turnsOf
}

function readCursor(cursor: string): BreakerPosition {
  const [rank, id] = decodeCursor('breakers', cursor, ['number', 'string'])
  if (!Number.isInteger(rank) || Number(rank) < 0 || Number(rank) > 3 || !ID.test(String(id))) throw new ApiError('bad_cursor')
  return { rank: Number(rank), id: String(id) }
}
