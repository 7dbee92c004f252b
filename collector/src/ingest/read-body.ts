import type { IncomingMessage } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { ApiError } from '../errors.js'
import type { ByteBudget, Lease } from './budget.js'
import type { IngestLimits } from './limits.js'
import type { Turns } from './turns.js'

const RATE_GRACE_MS = 5_000

export interface BodyLimits {
  limits: IngestLimits
  budget: ByteBudget
  turns: Turns
}

export interface ReadBody {
  /** The inflated body. */
  body: Buffer
  /** Holds its bytes in the budget until released. */
  lease: Lease
}

/**
 * Reads a request's body and, when its turn has come, inflates it. Headers are judged before a byte is read. Throws ApiError: unsupported_encoding,
 * body_too_large, request_timeout, bad_compression, overloaded.
 */
export async function readBody(request: IncomingMessage, { limits, budget, turns }: BodyLimits): Promise<ReadBody> {
  const gzip = isGzip(request.headers['content-encoding'])
  const limit = gzip ? limits.maxCompressedBytes : limits.maxInflatedBytes
  const announced = Number(request.headers['content-length'])
  if (announced > limit) throw new ApiError('body_too_large', { limit, close: true })

  // A body of unknown length is admitted by the most it may hold.
  const lease = budget.lease(Number.isNaN(announced) ? limit : announced)
  try {
    const wire = await collect(request, limit, limits)
    await turns.take()
    if (!gzip) return { body: wire, lease }
    const body = inflate(wire, limits.maxInflatedBytes)
    lease.grow(body.length)
    return { body, lease }
  } catch (error) {
    lease.release()
    throw error
  }
}

function isGzip(encoding: string | undefined): boolean {
  const name = encoding?.trim().toLowerCase() ?? ''
  if (name !== '' && name !== 'identity' && name !== 'gzip') throw new ApiError('unsupported_encoding')
  return name === 'gzip'
}

/** The bytes as they come over the wire, given up when there are too many, or when they come too slowly. */
function collect(request: IncomingMessage, limit: number, limits: IngestLimits): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const startedAt = performance.now()
    let bytes = 0
    const watch = setInterval(
      () => {
        const elapsedMs = performance.now() - startedAt
        const slow = elapsedMs > RATE_GRACE_MS && (bytes * 1000) / elapsedMs < limits.minBytesPerSecond
        if (slow || elapsedMs > limits.bodyTimeoutMs) fail(new ApiError('request_timeout', { close: true }))
      },
      Math.min(1_000, limits.bodyTimeoutMs),
    )
    const stop = () => {
      clearInterval(watch)
      request.off('data', onData).off('end', onEnd).off('error', onCut).off('close', onCut)
    }
    const fail = (error: ApiError) => {
      stop()
      request.pause()
      reject(error)
    }
    const onData = (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > limit) return fail(new ApiError('body_too_large', { limit, close: true }))
      chunks.push(chunk)
    }
    const onEnd = () => {
      stop()
      const [only] = chunks
      resolve(chunks.length === 1 && only ? only : Buffer.concat(chunks, bytes))
    }
    const onCut = () => {
      stop()
      request.on('error', () => {})
      reject(new ApiError('bad_request', { close: true }))
    }
    request.on('data', onData).on('end', onEnd).on('error', onCut).on('close', onCut)
  })
}

/** Stops at the ceiling: a bomb costs no more than `maxBytes`. */
function inflate(wire: Buffer, maxBytes: number): Buffer {
  try {
    return gunzipSync(wire, { maxOutputLength: maxBytes })
  } catch (error) {
    if (error instanceof RangeError) throw new ApiError('body_too_large', { limit: maxBytes })
    throw new ApiError('bad_compression')
  }
}
