import express from 'express'
import { groundtrack } from '@groundtrack/sdk'
import { expressSessions } from '@groundtrack/sdk/express'
import { answerErrors } from './answer-errors.js'
import { AskError } from './ask-error.js'
import { createAskService } from './ask-service.js'
import { exchange, readAnswer } from './exchange.js'
import { formatEuro, totalCents, type Line } from './products.js'
import { serve } from './serve.js'
import { addressOf, nameOf, ownAddress } from './shop-env.js'

const RESERVE_PATIENCE_MS = 400
/** The bank's troubles last for longer: whoever has failed three times in a row gets no call for this long. */
const CUT_OFF_MS = 10_000
const CHARGE_ATTEMPTS = 2

const gt = groundtrack({ service: 'checkout', version: '1.9', address: ownAddress, breaker: { openMs: CUT_OFF_MS } })
const askService = createAskService(gt)
let lastOrder = 40_100
const app = express()
app.use(expressSessions(gt))
app.use(express.json())

app.post('/orders', async (request, response) => {
  const { customer } = request.body as { customer: string }
  const { lines } = await askService<{ lines: Line[] }>('cart', '1.4', `/carts/${customer}`)
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
  handOver('warehouse', '/parcels', { order, code, lines })
  await askService('cart', '1.4', `/carts/${customer}`, { method: 'DELETE' })
  response.status(201).json({ order, total: formatEuro(cents) })
})

app.use(answerErrors(gt))
serve(gt, 'checkout', app)

/** Asks inventory again, with the same headers, when it does not answer soon: to inventory that is one call joined twice. */
async function reserve(order: string, lines: Line[]): Promise<void> {
  const url = `${addressOf('inventory')}/reservations`
  const question = {
    body: { order, lines },
    headers: { ...gt.current()?.inject({ to: url, name: 'POST /reservations', target: { service: 'inventory' } }) },
  }
  const ask = async (): Promise<unknown> => readAnswer(await exchange(fetch, url, question))
  const first = ask()
  first.catch(() => {})
  const patience = new Promise<'late'>((late) => setTimeout(() => late('late'), RESERVE_PATIENCE_MS))
  if ((await Promise.race([first, patience])) !== 'late') return
  gt.current()?.warn('order', `inventory has not answered for ${RESERVE_PATIENCE_MS} ms: asking once more for order ${order}`, {
    'order.id': order,
  })
  await Promise.any([first, ask()]).catch((error: AggregateError) => Promise.reject(error.errors[0]))
}

/** Charges through whichever payments node has its turn, and through the next when that fails. A declined card is an answer. */
async function charge(order: string, cents: number): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      return (await askService<{ code: string }>('payments', '1.1', '/charges', { body: { order, cents } })).code
    } catch (error) {
      // Without an address nobody was asked: both are cut off, or the time is up.
      if (!(error instanceof AskError) || error.status < 500 || error.address === undefined) throw error
      const next = attempt < CHARGE_ATTEMPTS ? 'trying another node' : 'no node is left'
      gt.current()?.warn('order', `${nameOf('payments', error.address)} could not charge order ${order}: ${error.message}; ${next}`, {
        'order.id': order,
      })
      if (attempt === CHARGE_ATTEMPTS) throw error
    }
  }
}

/** Nobody waits for mailer and warehouse; the order stands even if they never answer. */
function handOver(service: 'mailer' | 'warehouse', path: string, work: { order: string; [field: string]: unknown }): void {
  const url = `${addressOf(service)}${path}`
  const session = gt.current()
  const headers = { 'content-type': 'application/json', ...session?.inject({ to: url, name: `POST ${path}`, target: { service } }) }
  fetch(url, { method: 'POST', headers, body: JSON.stringify(work) }).catch((error: Error & { cause?: Error }) => {
    session?.warn('order', `${service} has not heard of order ${work.order}: ${error.cause?.message ?? error.message}`, {
      'order.id': work.order,
    })
  })
}
