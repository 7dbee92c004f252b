import { randomUUID } from 'node:crypto'
import { Play, type Process, type Sent, type Step } from './play.js'

/** Services with names of their own, so that no other test's stand beside them: "checkoutx1f2e3". */
export function ownNames<const T extends readonly string[]>(...services: T): { [K in keyof T]: string } {
  const suffix = `x${randomUUID().slice(0, 5)}`
  return services.map((service) => `${service}${suffix}`) as { [K in keyof T]: string }
}

/** Sends a call to a process, which never answers it well. */
export function callFails(step: Step, callee: Process, name: string, how: { status: 'error' | 'cut'; reason: string }): Sent {
  const sent = step.call(name, { target: { service: callee.service, node: callee.node }, breaker: 'closed' })
  step.add({ kind: 'return', call: sent.call, ...how })
  return sent
}

/** A turn of the caller's breaker for a process. */
export function turn(step: Step, callee: Process, from: string, to: string, more: { failures?: number; reason?: string } = {}): void {
  const { failures = 0, reason = '' } = more
  const retestAt = to === 'open' ? { retestAt: Date.now() + 30_000 } : {}
  step.add({ kind: 'breaker', target: { service: callee.service, node: callee.node }, from, to, failures, reason, ...retestAt })
}

export interface CutOff {
  checkout: Process
  payments: Process
  /** The session whose call tripped the breaker, and the one that was cut short by it. */
  tripped: string
  hurt: string
  url: string
}

/** A checkout that cuts a payments node off: three calls fail, the breaker opens, a fourth call is not sent. Both are live. */
export async function cutOff(url: string): Promise<CutOff> {
  const [checkoutName, paymentsName] = ownNames('checkout', 'payments')
  const [first, second] = [new Play(), new Play()]
  const checkout = first.process(checkoutName)
  const payments = first.process(paymentsName)
  await Promise.all([checkout.live(url), payments.live(url)])
  const order = checkout.open('POST /orders')
  for (let attempt = 1; attempt <= 3; attempt += 1) callFails(order, payments, 'POST /charge', { status: 'error', reason: 'ECONNREFUSED' })
  turn(order, payments, 'closed', 'open', { failures: 3, reason: 'ECONNREFUSED' })
  order.close('no node is left')
  payments.open('GET /healthz').close()
  await first.perform(url)
  const next = second.join(checkout).open('POST /orders/next')
  callFails(next, payments, 'POST /charge', { status: 'cut', reason: 'breaker open' })
  next.close()
  await second.perform(url)
  return { checkout, payments, tripped: first.session, hurt: second.session, url }
}
