import { markNodeLeft, upsertPresence, type Database } from '@groundtrack/db'
import type { FastifyInstance } from 'fastify'
import { ApiError } from '../errors.js'
import { isUuid } from '../ingest/ids.js'
import { readPresence } from './read-presence.js'

export interface PresenceOptions {
  db: Database
  now: () => number
  projectId: number
}

interface NodeRoute {
  Params: { id: string }
  Querystring: { service?: string | string[] }
}

/** Heartbeats of nodes: who is there, and who left. */
export async function presenceRoutes(app: FastifyInstance, { db, now, projectId }: PresenceOptions): Promise<void> {
  app.put<NodeRoute>('/v1/nodes/:id', async (request, reply) => {
    const presence = readPresence(request.params.id, request.body)
    await upsertPresence(db.ingest, { projectId, ...presence }, new Date(now()))
    return reply.code(204).send()
  })

  app.delete<NodeRoute>('/v1/nodes/:id', async (request, reply) => {
    const { service } = request.query
    const uuid = request.params.id
    if (!isUuid(uuid) || Array.isArray(service) || service?.includes('\0')) throw new ApiError('bad_node')
    await markNodeLeft(db.ingest, projectId, uuid, service ?? null, new Date(now()))
    return reply.code(204).send()
  })
}
