import { aNode, aSession, aSpan, NOW_MS, type TestApp, type TestLine, type TestNode } from './query.test-kit.js'

export const HOPS = 200
export const EVENTS_A_HOP = 500
const CALLEES_A_HOP = 4
const BATCH = 4_000
const SERVICES = ['storefront', 'cart', 'checkout', 'payments', 'inventory', 'mailer']

export interface LargeSession {
  session: string
  nodes: TestNode[]
  /** By node: how far its clock is ahead of the root's. */
  skewMs: number[]
  spans: string[]
  /** Events that were never sent. */
  lost: number
}

/**
 * Sends a session of 100,000 events: hops call four others each, one after another, on six nodes whose clocks differ by seconds.
 * One event in a thousand is lost on the way.
 */
export async function sendLargeSession(t: TestApp): Promise<LargeSession> {
  const session = aSession()
  const nodes = SERVICES.map((service) => aNode(service))
  const skewMs = nodes.map((_, i) => (i % 2 === 0 ? i : -i) * 1_000)
  const spans = Array.from({ length: HOPS }, () => aSpan())
  const calls = Array.from({ length: HOPS }, () => aSpan())
  const lines: TestLine[][] = nodes.map(() => [])
  let elapsedMs = 0
  let written = 0
  let lost = 0

  const write = (hop: number, path: readonly number[], number: number, fields: TestLine) => {
    const at = hop % nodes.length
    const time = NOW_MS - 150_000 + ++elapsedMs + (skewMs[at] ?? 0)
    if (++written % 1_000 === 500) lost++
    else lines[at]?.push({ session, span: spans[hop], clock: [...path, number], time, ...fields })
  }
  const run = (hop: number, path: readonly number[]) => {
    const call = calls[hop]
    write(hop, path, 1, { kind: 'open', name: `GET /step/${hop}`, ...(hop > 0 && { parent: call, call }) })
    for (let number = 2; number < EVENTS_A_HOP; number++) {
      const callee = hop * CALLEES_A_HOP + Math.ceil(number / 100)
      const isCalling = callee > hop * CALLEES_A_HOP && callee <= (hop + 1) * CALLEES_A_HOP && callee < HOPS
      if (isCalling && number % 100 === 50) {
        write(hop, path, number, { kind: 'call', call: calls[callee], target: { service: SERVICES[callee % nodes.length] } })
        run(callee, [...path, number])
      } else if (isCalling && number % 100 === 51) {
        write(hop, path, number, { kind: 'return', call: calls[callee], status: 'ok', callee: { span: spans[callee], last: EVENTS_A_HOP } })
      } else
        write(hop, path, number, {
          message: `reserving item A-${number} of hop ${hop} in the warehouse`,
          attributes: { sku: `A-${number}` },
        })
    }
    write(hop, path, EVENTS_A_HOP, { kind: 'close', status: 'ok' })
  }
  run(0, [])
  for (const [at, node] of nodes.entries()) {
    await t.announce(node)
    const own = lines[at] ?? []
    for (let start = 0; start < own.length; start += BATCH) await t.send(node, own.slice(start, start + BATCH))
  }
  return { session, nodes, skewMs, spans, lost }
}
