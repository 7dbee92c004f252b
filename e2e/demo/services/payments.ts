import express from 'express'
import { pino } from 'pino'
import { groundtrack } from '@groundtrack/sdk'
import { expressSessions } from '@groundtrack/sdk/express'
import { pinoDestination } from '@groundtrack/sdk/pino'
import { answerErrors } from './answer-errors.js'
import { AskError } from './ask-error.js'
import { askPartner } from './ask-partner.js'
import { formatEuro } from './products.js'
import { serve } from './serve.js'
import { addressOf, nodeIndex, ownAddress } from './shop-env.js'

const gt = groundtrack({ service: 'payments', version: '1.1', address: ownAddress })
// This team has logged with pino for years; its lines go to Groundtrack as they are.
const log = pino({ name: 'payments', level: 'info' }, pinoDestination(gt, undefined, { category: 'payments' }))
const bank = addressOf('bank', nodeIndex)
const app = express()
app.use(expressSessions(gt))
app.use(express.json())

app.post('/charges', async (request, response) => {
  const { order, cents } = request.body as { order: string; cents: number }
  log.info({ 'order.id': order, 'order.cents': cents }, `charging ${formatEuro(cents)} for order ${order}`)
  const [verdict, ...rest] = (await askBank(order, 'charging', `AUTHORISE ${order} ${cents}`)).split(' ')
  if (verdict !== 'APPROVED') {
    log.warn({ 'order.id': order }, `bank declined order ${order}: ${rest.join(' ')}`)
    throw new AskError(402, `card declined: ${rest.join(' ')}`)
  }
  log.info({ 'order.id': order, 'payment.code': rest[0] }, `bank approved order ${order}`)
  response.json({ code: rest[0] })
})

app.post('/captures', async (request, response) => {
  const { order, code } = request.body as { order: string; code: string }
  await askBank(order, 'collecting the money of', `CAPTURE ${order} ${code}`)
  log.info({ 'order.id': order, 'payment.code': code }, `the money of order ${order} is collected`)
  response.json({ order })
})

app.use(answerErrors(gt))
serve(gt, 'payments', app)

async function askBank(order: string, doing: string, question: string): Promise<string> {
  return askPartner(bank, question).catch((error: Error) => {
    log.error({ err: error, 'order.id': order, bank }, `bank line ${bank} broke while ${doing} order ${order}: ${error.message}`)
    throw new AskError(502, `bank line ${bank}: ${error.message}`)
  })
}
