import { ApiError } from '../../errors.js'
import { isSessionId, isSpanId, isUuid } from '../ids.js'
import { readNode, type NodeInfo } from '../node-info.js'
import { mendText } from './mend.js'
import { isObject, type JsonObject } from './parse-line.js'

export const SUPPORTED_VERSIONS: readonly number[] = [1]
const MAX_EPOCH = 2 ** 31 - 1
const MAX_HOPS = 256
const MAX_REASON_CHARACTERS = 64

export interface DroppedHop {
  session: string
  span: string
  from: number
  to: number
}

/** Numbers the producer gave out but will never send; bounds inclusive. */
export interface DroppedRange {
  first: number
  last: number
  reason: string
  hops: DroppedHop[]
}

export interface BatchHeader {
  producer: string
  epoch: number
  /** First and last number, inclusive; last = first − 1 is a sign of life without events. */
  first: number
  last: number
  node: NodeInfo
  dropped: DroppedRange[]
}

/** Reads a batch's first line. Throws ApiError malformed_header, unsupported_version or bad_sequence. */
export function readHeader(line: string): BatchHeader {
  const header = parse(line)
  const { v, producer, epoch, first, last } = header
  if (v === undefined) throw new ApiError('malformed_header', { at: 1 })
  if (typeof v !== 'number' || !SUPPORTED_VERSIONS.includes(v)) throw new ApiError('unsupported_version', { supported: SUPPORTED_VERSIONS })
  const node = readNode(header['node'])
  if (!isUuid(producer) || node === null || typeof epoch !== 'number' || typeof first !== 'number' || typeof last !== 'number') {
    throw new ApiError('malformed_header', { at: 1 })
  }
  if (!Number.isInteger(epoch) || epoch < 0 || epoch > MAX_EPOCH) throw new ApiError('malformed_header', { at: 1 })
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last) || first < 0 || last < first - 1)
    throw new ApiError('bad_sequence', { at: 1 })
  return { producer: producer.toLowerCase(), epoch, first, last, node, dropped: readDropped(header['dropped'], first, last) }
}

function parse(line: string): JsonObject {
  let header: unknown
  try {
    header = JSON.parse(line)
  } catch {
    throw new ApiError('malformed_header', { at: 1 })
  }
  if (!isObject(header)) throw new ApiError('malformed_header', { at: 1 })
  return header
}

function readDropped(value: unknown, first: number, last: number): DroppedRange[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw new ApiError('malformed_header', { at: 1 })
  const ranges = value.map(readRange)
  let next = first
  let hops = 0
  for (const range of ranges) {
    if (range.first < next || range.last < range.first || range.last > last) throw new ApiError('bad_sequence', { at: 1 })
    next = range.last + 1
    hops += range.hops.length
  }
  if (hops > MAX_HOPS) throw new ApiError('malformed_header', { at: 1, limit: MAX_HOPS })
  return ranges
}

function readRange(range: unknown): DroppedRange {
  if (!isObject(range)) throw new ApiError('malformed_header', { at: 1 })
  const { first, last, reason, hops } = range
  if (typeof first !== 'number' || typeof last !== 'number') throw new ApiError('malformed_header', { at: 1 })
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last)) throw new ApiError('bad_sequence', { at: 1 })
  if (hops !== undefined && hops !== null && !(Array.isArray(hops) && hops.every(isHop))) throw new ApiError('malformed_header', { at: 1 })
  const words = typeof reason === 'string' ? mendText(reason).slice(0, MAX_REASON_CHARACTERS) : 'unknown'
  return { first, last, reason: words, hops: hops ?? [] }
}

function isHop(hop: unknown): hop is DroppedHop {
  if (!isObject(hop) || !isSessionId(hop['session']) || !isSpanId(hop['span'])) return false
  const { from, to } = hop
  return isEventNumber(from) && isEventNumber(to) && from <= to
}

function isEventNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 31
}

/** How many of the header's numbers belong to event lines. */
export function countExpectedLines({ first, last, dropped }: BatchHeader): number {
  let lines = last - first + 1
  for (const range of dropped) lines -= range.last - range.first + 1
  return lines
}

/** Gives out, in order, the numbers that belong to event lines. */
export function numberLines({ first, dropped }: BatchHeader): () => number {
  let next = first
  let range = 0
  return () => {
    for (let gap = dropped[range]; gap !== undefined && gap.first === next; gap = dropped[range]) {
      next = gap.last + 1
      range++
    }
    return next++
  }
}
