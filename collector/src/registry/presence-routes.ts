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

const MAX_BODY_BYTES = 64 * 1024

interface NodeRoute {
  Params: { id: string }
  Querystring: { service?: string | string[] }
}

/** Heartbeats of nodes: who is there, and who left. */
export async function presenceRoutes(app: FastifyInstance, { db, now, projectId }: PresenceOptions): Promise<void> {
  // A leave has no body, whatever its headers say; a heartbeat's that doesn't parse is a bad node.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: MAX_BODY_BYTES }, (_request, body, done) =>
    done(null, parseJson(String(body))),
  )

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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
