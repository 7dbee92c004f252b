import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { EventPlace, RelationView } from '../api.js'
import { explainRelation, findEvent, type CausalGraph } from '../causality/index.js'
import { ApiError } from '../errors.js'
import type { SessionStore } from './session-store.js'

const Params = Type.Object({ id: Type.String({ maxLength: 128 }) })
const Query = Type.Object({ a: Type.String({ maxLength: 64 }), b: Type.String({ maxLength: 64 }) })

/** Why two events of a session stand as they do: each as `{span}:{number}`, or by its id. */
export const relationRoute: FastifyPluginAsyncTypebox<{ sessions: SessionStore }> = async (app, { sessions }) => {
  app.get('/api/v1/sessions/:id/relation', { schema: { params: Params, querystring: Query } }, async (request): Promise<RelationView> => {
    const { graph } = await sessions.open(request.params.id)
    const { relation, edges } = explainRelation(graph, locate(graph, request.query.a), locate(graph, request.query.b))
    return { relation, edges: edges.map(({ by, from, to }) => ({ by, from: placeOf(graph, from), to: placeOf(graph, to) })) }
  })
}

/** Throws bad_request where it names no event that way, not_found where the session has no such event. */
function locate(graph: CausalGraph, name: string): number {
  const [, span, number] = /^([0-9a-f]{16}):(\d{1,10})$/.exec(name) ?? []
  if (span === undefined && !/^\d+-\d+-\d+$/.test(name)) throw new ApiError('bad_request')
  const event = span === undefined ? graph.events.findIndex(({ id }) => id === name) : findEvent(graph, span, Number(number))
  if (event < 0) throw new ApiError('not_found')
  return event
}

function placeOf({ events }: CausalGraph, event: number): EventPlace {
  return { span: events[event]?.span ?? '', n: events[event]?.number ?? 0 }
}
