import { randomUUID } from 'node:crypto'
import pino from 'pino'
import { buildApp } from '../src/app.js'
import { aSpan, NOW_MS, type TestApp, type TestHop, type TestLine, type TestNode } from './query.test-kit.js'

/** A call of a hop, and what may answer it. */
export interface TestCall {
  id: string
  line: TestLine
  answer(status: string, fields?: TestLine): TestLine
}

export function aCall(hop: TestHop, target: unknown, fields: TestLine = {}): TestCall {
  const id = aSpan()
  const line = hop.line({ kind: 'call', call: id, target, name: 'POST /pay', ...fields })
  return { id, line, answer: (status, more = {}) => hop.line({ kind: 'return', call: id, status, ...more }) }
}

export function aTurn(hop: TestHop, target: unknown, from: string, to: string, fields: TestLine = {}): TestLine {
  return hop.line({ kind: 'breaker', target, from, to, failures: 3, reason: 'ECONNREFUSED', ...fields })
}

/** What is counted of calls, moved already or not. */
export async function sumCalls(t: TestApp): Promise<Record<string, number>> {
  const columns = ['calls', 'ended', 'errors', 'timeouts', 'cuts', 'unpaired']
  const sums = columns.map((column) => `coalesce(sum(${column}), 0)::int AS ${column}`).join(', ')
  const both = `SELECT ${columns.join(', ')} FROM call_fresh UNION ALL SELECT ${columns.join(', ')} FROM call_count`
  const { rows } = await t.db.read.query<Record<string, number>>(`SELECT ${sums} FROM (${both}) s`)
  return rows[0] ?? {}
}

/** The same database served by a collector that remembers nothing. */
export async function restart(t: TestApp): Promise<TestApp['app']> {
  return buildApp({ db: t.db, config: { port: 43_300, retentionDays: 7 }, log: pino({ level: 'silent' }), now: () => t.clock.nowMs })
}

/** A batch as it stands on the wire, to be sent to any collector, and again. */
export function freeze(node: TestNode, first: number, lines: readonly TestLine[], producer: string = randomUUID()): string {
  const header = {
    v: 1,
    producer,
    epoch: 1,
    first,
    last: first + lines.length - 1,
    sent: NOW_MS,
    node: { version: '1.0', environment: 'sandbox', ...node },
  }
  return [header, ...lines.map((line, i) => ({ seq: first + i, ...line }))].map((line) => JSON.stringify(line)).join('\n')
}

export async function post(app: TestApp['app'], body: string): Promise<{ stored: number; duplicate: boolean }> {
  const headers = { host: '127.0.0.1:43300', 'content-type': 'application/x-ndjson' }
  const answer = await app.inject({ method: 'POST', url: '/v1/batches', headers, payload: body })
  if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${answer.body}`)
  return answer.json()
}
