import { harmless } from '../harmless.js'
import type { HeaderSource } from '../propagation/carrier.js'

export interface Judged {
  status: 'ok' | 'error'
  reason?: string
  headers?: HeaderSource
}

/** What a call's work came back with: an HTTP answer fails from status 500 on; its headers tell of the callee. Anything else is fine. */
export function judgeAnswer(result: unknown): Judged {
  return harmless(() => readAnswer(result), { status: 'ok' })
}

function readAnswer(result: unknown): Judged {
  if (typeof result !== 'object' || result === null || !('headers' in result)) return { status: 'ok' }
  const { headers } = result
  const status = 'status' in result ? result.status : 'statusCode' in result ? result.statusCode : undefined
  if (typeof headers !== 'object' || headers === null || typeof status !== 'number') return { status: 'ok' }
  const source = headers as HeaderSource
  return status >= 500 ? { status: 'error', reason: `HTTP ${status}`, headers: source } : { status: 'ok', headers: source }
}
