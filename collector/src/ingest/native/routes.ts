import { createHash, randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { ApiError } from '../../errors.js'
import { decodeContext, PROJECT_ID, withBody, writeCounted, type Intake } from '../intake.js'
import { countNoteBytes } from '../calls/event-notes.js'
import { presentRejected } from '../rejected.js'
import type { Content, WriteRequest } from '../write-request.js'
import { decodeBatch, type DecodedBatch } from './decode-batch.js'
import { listGroup } from './event-sink.js'

const MEDIA_TYPE = 'application/x-ndjson'

/** Native ingest. Answers 200 only once the events are durable; one bad line never costs its batch. */
export function nativeRoutes(app: FastifyInstance, intake: Intake): void {
  app.post('/v1/batches', async (request) => {
    checkMediaType(request.headers['content-type'], request.headers['content-length'])
    return withBody(intake, request.raw, (body, grow) => storeBatch(intake, body, grow))
  })
}

function checkMediaType(contentType: string | undefined, contentLength: string | undefined): void {
  const isEmpty = contentType === undefined && contentLength === '0'
  const mediaType = contentType?.split(';', 1)[0]?.trim().toLowerCase()
  if (mediaType !== MEDIA_TYPE && !isEmpty) throw new ApiError('unsupported_media_type')
}

async function storeBatch(intake: Intake, body: Buffer, grow: (bytes: number) => void) {
  const context = decodeContext(intake)
  const batch = decodeBatch(body, context)
  if (batch === null) return { stored: 0, duplicate: false, rejected: [] }
  const { producer, epoch, first, last, node, dropped } = batch.header
  const nodeId = await intake.nodes.get({ projectId: PROJECT_ID, origin: 'native', ...node })
  const content = toContent(batch, nodeId)
  grow(batch.sink.rows.capacity + countNoteBytes(batch.sink.notes))

  const request: WriteRequest = {
    projectId: PROJECT_ID,
    range: { producer, epoch, first, last, digest: createHash('sha256').update(body).digest(), nodeId, dropped },
    requestKey: null,
    content,
    // Line 1 is the header.
    listLines: () => Array.from({ length: batch.lines }, (_, i) => i + 2),
    without: (refused) => toContent(decodeBatch(body, context, refused) ?? batch, nodeId),
  }
  const outcome = await writeCounted(intake, request)
  if (outcome.kind === 'conflict') throw new ApiError('producer_conflict', { newProducer: randomUUID() })
  const stored = outcome.kind === 'stored' ? outcome.stored : 0
  return { producer, epoch, first, last, stored, duplicate: outcome.kind === 'duplicate', rejected: outcome.rejected.map(presentRejected) }
}

function toContent({ header, sink, rejected }: DecodedBatch, nodeId: number): Content {
  return { groups: listGroup(sink, nodeId, header.node.service), rejected }
}
