import express from 'express'
import { groundtrack } from '@groundtrack/sdk'
import { expressSessions } from '@groundtrack/sdk/express'
import { answerErrors } from './answer-errors.js'
import { AskError, askWith, createAsk } from './ask.js'
import { formatEuro, totalCents, type Line } from './products.js'
import { addresses, addressOf, cartOf, ownAddress, ownPort, sayReady } from './shop-env.js'

const RESERVE_PATIENCE_MS = 400

const gt = groundtrack({ service: 'checkout', version: '1.9', address: ownAddress })
const ask = createAsk(gt)
let lastOrder = 40_100
const app = express()
app.use(expressSessions(gt))
app.use(express.json())

app.post('/orders', async (request, response) => {
  const { customer } = request.body as { customer: string }
  const cart = `${cartOf(customer)}/carts/${customer}`
  const { lines } = await ask<{ lines: Line[] }>(cart)
  if (lines.length === 0) throw new AskError(409, `the cart of ${customer} is empty`)

  const order = String(++lastOrder)
  const cents = totalCents(lines)
  gt.current()?.set('shop:order', order)
  gt.current()?.info('order', `order ${order} of ${customer}: ${lines.length} lines, ${formatEuro(cents)}`, {
    'order.id': order,
    'order.cents': cents,
  })
  await reserve(order, lines)
  const code = await charge(order, cents)
  gt.current()?.info('order', `order ${order} is paid: ${formatEuro(cents)}, code ${code}`, { 'order.id': order, 'payment.code': code })
  handOver('mailer', '/mails', { order, customer, total: formatEuro(cents) })
  handOver('warehouse', '/parcels', { order, lines })
  await ask(cart, { method: 'DELETE' })
  response.status(201).json({ order, total: formatEuro(cents) })
})

app.use(answerErrors(gt))
app.listen(ownPort, '127.0.0.1', () => {
  gt.info('boot', `checkout listens on ${ownAddress}`)
  sayReady()
})

/** Asks inventory again, with the same headers, when it does not answer soon: to inventory that is one call joined twice. */
async function reserve(order: string, lines: Line[]): Promise<void> {
  const url = `${addressOf('inventory')}/reservations`
  const question = { body: { order, lines }, headers: { ...gt.current()?.inject({ to: url, name: 'POST /reservations' }) } }
  const first = askWith(fetch, url, question)
  first.catch(() => {})
  const patience = new Promise<'late'>((late) => setTimeout(() => late('late'), RESERVE_PATIENCE_MS))
  if ((await Promise.race([first, patience])) !== 'late') return
  gt.current()?.warn('order', `inventory has not answered for ${RESERVE_PATIENCE_MS} ms: asking once more for order ${order}`, {
    'order.id': order,
  })
  await Promise.any([first, askWith(fetch, url, question)]).catch((error: AggregateError) => Promise.reject(error.errors[0]))
}

/** Charges through the first payments node that answers. A declined card is an answer. */
async function charge(order: string, cents: number): Promise<string> {
  let failure: unknown
  for (const [index, address] of addresses.payments.entries()) {
    try {
      return (await ask<{ code: string }>(`${address}/charges`, { body: { order, cents } })).code
    } catch (error) {
      if (error instanceof AskError && error.status < 500) throw error
      failure = error
      const next = index + 1 < addresses.payments.length ? `trying payments-${index + 2}` : 'no node is left'
      gt.current()?.warn('order', `payments-${index + 1} could not charge order ${order}: ${(error as Error).message}; ${next}`, {
        'order.id': order,
      })
    }
  }
  throw failure
}

/** Nobody waits for mailer and warehouse; the order stands even if they never answer. */
function handOver(service: 'mailer' | 'warehouse', path: string, work: { order: string; [field: string]: unknown }): void {
  const url = `${addressOf(service)}${path}`
  const session = gt.current()
  const headers = { 'content-type': 'application/json', ...session?.inject({ to: url, name: `POST ${path}` }) }
  fetch(url, { method: 'POST', headers, body: JSON.stringify(work) }).catch((error: Error & { cause?: Error }) => {
    session?.warn('order', `${service} has not heard of order ${work.order}: ${error.cause?.message ?? error.message}`, {
      'order.id': work.order,
    })
  })
}
