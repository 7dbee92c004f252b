import type { Answer } from '../platform/platform.js'
import type { FrozenBatch } from './batch.js'

/** What an answer means for the batch that was sent. */
export type Verdict =
  | { kind: 'acknowledged'; rejected: number }
  /** Send the same bytes again: at once after `afterMs`, else after a backoff. */
  | { kind: 'retry'; afterMs?: number; warning?: string }
  | { kind: 'conflict'; newProducer?: string }
  | { kind: 'too_large' }
  | { kind: 'refused'; code: string }

const KEPT_RETRY_MS = 60_000

/** Only a 200 whose JSON names this producer, epoch and range is an acknowledgement; everything else keeps the batch. */
export function judge(answer: Answer, batch: FrozenBatch): Verdict {
  const json = parse(answer.body)
  if (answer.status === 200) {
    const ours =
      json['producer'] === batch.producer && json['epoch'] === batch.epoch && json['first'] === batch.first && json['last'] === batch.last
    return ours ? { kind: 'acknowledged', rejected: listLength(json['rejected']) } : { kind: 'retry' }
  }
  const error = asRecord(json['error'])
  const code = typeof error['code'] === 'string' ? error['code'].slice(0, 64) : ''
  switch (answer.status) {
    case 401:
    case 403:
      return {
        kind: 'retry',
        afterMs: KEPT_RETRY_MS,
        warning: `the collector refuses the token (${answer.status}): set GROUNDTRACK_TOKEN. Events are kept, up to the buffer's size.`,
      }
    case 409:
      return code === 'producer_conflict' ? { kind: 'conflict', ...newProducer(json, error) } : { kind: 'retry' }
    case 413:
      return { kind: 'too_large' }
    case 400:
      if (code === 'unsupported_version')
        return {
          kind: 'retry',
          afterMs: KEPT_RETRY_MS,
          warning: "the collector does not speak this version of the protocol: update it. Events are kept, up to the buffer's size.",
        }
      // Only the collector itself says so in this shape; a proxy's 400 page is no judgement on the batch.
      return code === '' ? { kind: 'retry' } : { kind: 'refused', code }
  }
  const afterMs = retryAfterMs(answer.retryAfter)
  return afterMs === undefined ? { kind: 'retry' } : { kind: 'retry', afterMs }
}

/** `Retry-After` in seconds or as a date, clamped to 1…300 s; undefined when there is none to read. */
export function retryAfterMs(header: string | undefined, nowMs: number = Date.now()): number | undefined {
  if (header === undefined) return undefined
  const text = header.trim()
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs
  return Number.isNaN(ms) ? undefined : Math.min(300_000, Math.max(1_000, ms))
}

function newProducer(json: Record<string, unknown>, error: Record<string, unknown>): { newProducer?: string } {
  const id = error['newProducer'] ?? json['newProducer']
  return typeof id === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? { newProducer: id } : {}
}

function parse(body: string): Record<string, unknown> {
  try {
    return asRecord(JSON.parse(body))
  } catch {
    return {}
  }
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function listLength(value: unknown): number {
  return Array.isArray(value) ? value.length : 0
}
