import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import {
  BREAKER_STATE_CODE,
  listChangesOfNode,
  listFailedCalls,
  listGaps,
  listHurtSessions,
  listTurns,
  listTurnsBefore,
  readBreaker,
  type ProjectReader,
  type StoredBreaker,
  type StoredFailure,
  type StoredTurn,
} from '@groundtrack/db'
import type { BreakerHistory } from '../api-registry.js'
import { ApiError } from '../errors.js'
import { decodeCursor, encodeCursor } from '../query/cursor.js'
import { PageParameters, readLimit, readRange } from '../query/request.js'
import type { QueryOptions } from '../query/routes.js'
import { formatMicros } from '../query/time.js'
import { breakerId } from './breaker-id.js'
import { layLane } from './lane.js'
import { listSilences } from './silences.js'
import { presentBreaker, presentHurt, presentTurn } from './present-breaker.js'

const Params = Type.Object({ id: Type.String({ maxLength: 64 }) })
const Query = Type.Object({
  ...PageParameters,
  from: Type.Optional(Type.String({ maxLength: 64 })),
  to: Type.Optional(Type.String({ maxLength: 64 })),
})

const USUAL_LIMIT = 50
const MAX_LIMIT = 200
const MAX_HURT = 100
const MAX_TRIPPING = 20
/** Turns that the lane is drawn of: beyond that it begins later. */
const MAX_LANE_TURNS = 5_000
/** Of its reporter, the newest. */
const MAX_CHANGES = 2_000
/** Without an earlier turn, failures of that long before are its cause. */
const LOOK_BACK_MICROS = 3_600_000_000
/** The breaker may say that it turned before the call says that it ended. */
const SLACK_MICROS = 5_000
const ID = /^[0-9a-f]{32}$/
const FLUSH_ID = /^\d{1,18}$/

/** A breaker's turns with the calls that tripped it, and whom it hurt. */
export const breakerHistoryRoute: FastifyPluginAsyncTypebox<QueryOptions> = async (app, { reader, now }) => {
  app.get('/api/v1/breakers/:id/history', { schema: { params: Params, querystring: Query } }, async (request): Promise<BreakerHistory> => {
    const nowMs = now()
    const { cursor } = request.query
    const id = request.params.id.toLowerCase()
    const breaker = ID.test(id) ? await readBreaker(reader, id, new Date(nowMs)) : undefined
    if (!breaker) throw new ApiError('not_found')
    const range = readRange(request.query, nowMs)
    const limit = readLimit(request.query.limit, USUAL_LIMIT, MAX_LIMIT)
    const ids = idsOfTarget(breaker)
    const [found, drawn, [before], hurt, changes, gaps] = await Promise.all([
      listTurns(reader, [id], { ...range, limit: limit + 1, ...(cursor !== undefined && { after: readCursor(cursor) }) }),
      listTurns(reader, [id], { ...range, limit: MAX_LANE_TURNS }),
      listTurnsBefore(reader, [id], range.from),
      listHurtSessions(reader, ids, { ...range, now: new Date(nowMs), limit: MAX_HURT }),
      listChangesOfNode(reader, [breaker.callerId], MAX_CHANGES),
      listGaps(reader, range.from),
    ])
    const page = found.slice(0, limit)
    const tripping = await listTripping(reader, ids, found, before, limit)
    const last = found.length > limit ? page.at(-1) : undefined
    const fromMicros = range.from.getTime() * 1_000
    const toMicros = Math.max(fromMicros, Math.min(range.to.getTime(), nowMs) * 1_000)
    return {
      asOf: formatMicros(nowMs * 1_000),
      breaker: presentBreaker(breaker),
      lane: layLane({
        breaker,
        turns: drawn.toReversed(),
        before: drawn.length < MAX_LANE_TURNS ? before : undefined,
        silences: listSilences(changes.toReversed(), gaps, toMicros),
        from: fromMicros,
        to: toMicros,
      }),
      items: page.map((turn, i) => presentTurn(turn, tripping.get(i) ?? [])),
      next: last ? encodeCursor('breaker', [last.timeMicros, last.flushId]) : null,
      hurt: hurt.newest.map(presentHurt),
      hurtSessions: hurt.sessions,
      recovered: hurt.recovered,
    }
  })
}

/** A call names its target by node or by address, as its sender knew it; so may the breaker. */
function idsOfTarget({ id, caller, targetNode: node, targetAddress: address }: StoredBreaker): string[] {
  const names = [
    { node, address: null, service: null },
    { node: null, address, service: null },
  ]
  return [...new Set([id, ...names.flatMap((name) => breakerId(caller, name) ?? [])])]
}

/** For each turn to open of the page, by position: the failed calls since the turn before, oldest first. */
async function listTripping(
  reader: ProjectReader,
  ids: readonly string[],
  turns: readonly StoredTurn[],
  before: StoredTurn | undefined,
  limit: number,
): Promise<Map<number, StoredFailure[]>> {
  const opened = turns.slice(0, limit).flatMap((turn, position) => {
    if (turn.toState !== BREAKER_STATE_CODE.open) return []
    const earlier = turns[position + 1]?.timeMicros ?? before?.timeMicros ?? turn.timeMicros - LOOK_BACK_MICROS
    return [
      {
        position,
        afterMicros: earlier + SLACK_MICROS < turn.timeMicros ? earlier + SLACK_MICROS : earlier,
        uptoMicros: turn.timeMicros + SLACK_MICROS,
      },
    ]
  })
  const failed = await listFailedCalls(reader, ids, opened, MAX_TRIPPING)
  const tripping = new Map<number, StoredFailure[]>()
  for (const { stretch, ...call } of failed.toReversed()) {
    const position = opened[stretch]?.position ?? -1
    tripping.set(position, [...(tripping.get(position) ?? []), call])
  }
  return tripping
}

function readCursor(cursor: string): { timeMicros: number; flushId: string } {
  const [timeMicros, flushId] = decodeCursor('breaker', cursor, ['number', 'string'])
  if (!FLUSH_ID.test(String(flushId))) throw new ApiError('bad_cursor')
  return { timeMicros: Number(timeMicros), flushId: String(flushId) }
}
