import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { countEvents, levelOf, listTerms, type Filter } from '@groundtrack/db'
import type { Histogram } from '../api.js'
import { ApiError } from '../errors.js'
import { readFilter, readRange, SearchParameters } from './request.js'
import type { QueryOptions } from './routes.js'

const Query = Type.Object({
  ...SearchParameters,
  buckets: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
  by: Type.Optional(Type.Union([Type.Literal('level'), Type.Literal('service')])),
})

const USUAL_BUCKETS = 60
const MAX_BUCKETS = 500
const MINUTE = 60
const MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440].map((minutes) => minutes * MINUTE)
const SECONDS = [0.001, 0.01, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30]
/** Ranges this short are counted event by event, finer than the minutes that are kept as sums. */
const FINE_RANGE_SECONDS = 900
const MAX_RANGE_SECONDS = 400 * 86_400

/** Event counts over time. Without words or attributes to look for, these are sums of what was counted at ingest. */
export const histogramRoute: FastifyPluginAsyncTypebox<QueryOptions> = async (app, { reader, now }) => {
  app.get('/api/v1/events/histogram', { schema: { querystring: Query } }, async (request): Promise<Histogram> => {
    const { q, by = 'level' } = request.query
    const nowMs = now()
    const filter = readFilter(q)
    const range = readRange({ to: 'now', ...request.query }, nowMs)
    const buckets = Math.min(request.query.buckets ?? USUAL_BUCKETS, MAX_BUCKETS)
    const rangeSeconds = (range.to.getTime() - range.from.getTime()) / 1_000
    if (rangeSeconds > MAX_RANGE_SECONDS) throw new ApiError('range_too_large', { limit: MAX_RANGE_SECONDS })
    const source = rangeSeconds > FINE_RANGE_SECONDS && isOfNodeAndLevel(filter) ? 'minutes' : 'events'
    const bucketSeconds = chooseBucket(rangeSeconds / buckets, source)
    const step = bucketSeconds * 1_000
    const from = new Date(Math.floor(range.from.getTime() / step) * step)
    const to = new Date(Math.ceil(range.to.getTime() / step) * step)
    const counts = await countEvents(reader, { from, to, bucketSeconds, by, filter, now: new Date(nowMs), source })

    const result: Histogram['buckets'] = []
    for (let start = from.getTime(); start < to.getTime(); start += step) result.push({ start: new Date(start).toISOString(), counts: {} })
    let total = 0
    for (const { bucket, key, events } of counts) {
      const name = by === 'level' ? levelOf(Number(key)) : key
      const bar = result[bucket]
      if (!bar) continue
      bar.counts[name] = (bar.counts[name] ?? 0) + events
      total += events
    }
    return { from: from.toISOString(), to: to.toISOString(), bucketSeconds, by, buckets: result, total }
  })
}

/** The first round width that keeps the number of buckets; beyond a day whole days. */
function chooseBucket(leastSeconds: number, source: 'minutes' | 'events'): number {
  const widths = source === 'minutes' ? MINUTES : [...SECONDS, ...MINUTES]
  return widths.find((width) => width >= leastSeconds) ?? Math.ceil(leastSeconds / 86_400) * 86_400
}

/** Whether the sums that are kept can answer. */
function isOfNodeAndLevel(filter: Filter): boolean {
  return listTerms(filter).every((term) => ['service', 'node', 'version', 'environment', 'level'].includes(term.field))
}
