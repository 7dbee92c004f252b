import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import {
  BREAKER_STATES,
  countEvents,
  KINDS,
  LEVELS,
  levelOf,
  listFieldValues,
  listServices,
  STATUSES,
  type FieldValue,
} from '@groundtrack/db'
import type { FieldList, Page, ServiceView } from '../api.js'
import { OUTCOMES, YES_NO } from './language/terms.js'
import { readRange, SearchParameters } from './request.js'
import type { QueryOptions } from './routes.js'
import { formatMicros } from './time.js'

const Query = Type.Object({ ...SearchParameters, prefix: Type.Optional(Type.String({ maxLength: 128 })) })

type Field = FieldList['items'][number]

const MAX_FIELDS = 200

/** What can be searched, and with which values: for completion. Counts are those of a sample. */
export const fieldsRoutes: FastifyPluginAsyncTypebox<QueryOptions> = async (app, { reader, now }) => {
  app.get('/api/v1/fields', { schema: { querystring: Query } }, async (request): Promise<FieldList> => {
    const nowMs = now()
    const range = readRange(request.query, nowMs)
    const [values, levels] = await Promise.all([
      listFieldValues(reader, range),
      countEvents(reader, {
        ...range,
        bucketSeconds: 86_400 * 400,
        by: 'level',
        filter: { all: [] },
        now: new Date(nowMs),
        source: 'minutes',
      }),
    ])
    const counted = levels.map(({ key, events }) => ({ kind: 'event' as const, name: 'level', value: levelOf(Number(key)), events }))
    const prefix = request.query.prefix ?? ''
    const fields = [...listOwnFields([...values, ...counted]), ...listAttributes(values)]
    return { items: fields.filter((field) => field.name.startsWith(prefix)).slice(0, MAX_FIELDS), next: null }
  })

  app.get('/api/v1/services', async (): Promise<Page<ServiceView>> => {
    const rows = await listServices(reader)
    const items = rows.map(({ service, environments, nodes, seenMicros }) => ({
      service,
      environments,
      nodes,
      lastSeen: seenMicros === null ? null : formatMicros(seenMicros),
    }))
    return { items, next: null }
  })
}

function listOwnFields(values: readonly FieldValue[]): Field[] {
  const fixed = (name: string, kind: Field['kind'], words: readonly string[]): Field => ({
    name,
    kind,
    values: words.map((value) => ({ value, events: sumOf(values, name, value) })),
  })
  const sampled = (name: string): Field => ({ name, kind: 'event', values: valuesOf(values, 'event', name) })
  return [
    sampled('service'),
    fixed('level', 'event', LEVELS),
    sampled('environment'),
    sampled('category'),
    sampled('version'),
    fixed('kind', 'event', KINDS),
    fixed('status', 'event', STATUSES),
    { name: 'node', kind: 'event' },
    { name: 'span', kind: 'event' },
    { name: 'session', kind: 'session' },
    { name: 'name', kind: 'session' },
    fixed('outcome', 'session', OUTCOMES),
    { name: 'duration', kind: 'session' },
    { name: 'missing', kind: 'session' },
    { name: 'services', kind: 'session' },
    fixed('breaker', 'session', BREAKER_STATES),
    fixed('over_budget', 'session', YES_NO),
  ]
}

/** Most frequent first. */
function listAttributes(values: readonly FieldValue[]): Field[] {
  const names = [...new Set(values.filter((value) => value.kind === 'attribute').map((value) => value.name))]
  const fields = names.map((name) => {
    const own = valuesOf(values, 'attribute', name)
    return { name, kind: 'attribute' as const, events: own.reduce((sum, value) => sum + value.events, 0), values: own }
  })
  return fields.toSorted((a, b) => b.events - a.events || (a.name < b.name ? -1 : 1))
}

function valuesOf(values: readonly FieldValue[], kind: FieldValue['kind'], name: string): { value: string; events: number }[] {
  return values.filter((value) => value.kind === kind && value.name === name).map(({ value, events }) => ({ value, events }))
}

function sumOf(values: readonly FieldValue[], name: string, value: string): number {
  return values.filter((row) => row.kind === 'event' && row.name === name && row.value === value).reduce((sum, row) => sum + row.events, 0)
}
