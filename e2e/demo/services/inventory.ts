import express from 'express'
import { groundtrack } from '@groundtrack/sdk'
import { expressSessions } from '@groundtrack/sdk/express'
import { answerErrors } from './answer-errors.js'
import { AskError } from './ask-error.js'
import { listProducts, type Line } from './products.js'
import { serve } from './serve.js'
import { ownAddress } from './shop-env.js'
import { Stock } from './stock.js'

const STOCKTAKE_EVERY_MS = 12_000

const gt = groundtrack({ service: 'inventory', version: '3.0', address: ownAddress })
const stock = new Stock()
/** What each order took, so that the same order twice takes only once. */
const reservations = new Map<string, Promise<Line | undefined>>()
const app = express()
app.use(expressSessions(gt))
app.use(express.json())

app.get('/offers', (_request, response) => {
  const skus = listProducts().map(({ sku }) => sku)
  gt.current()?.info('stock', `${skus.length} products on offer`)
  response.json({ skus })
})

app.get('/stock/:sku', async (request, response) => {
  const { sku } = request.params
  const quantity = await waitForShelves(`stock of ${sku}`, () => stock.get(sku))
  gt.current()?.info('stock', `${sku}: ${quantity} on the shelf`, { sku, 'stock.quantity': quantity })
  response.json({ quantity })
})

app.post('/reservations', async (request, response) => {
  const { order, lines } = request.body as { order: string; lines: Line[] }
  const known = reservations.get(order)
  if (known) gt.current()?.warn('stock', `order ${order} asked again: it takes from the shelves only once`, { 'order.id': order })
  const taken = known ?? stock.take(lines)
  reservations.set(order, taken)
  const short = await waitForShelves(`reservation of order ${order}`, () => taken)
  if (short) throw new AskError(409, `fewer than ${short.quantity} of ${short.sku} left`)
  gt.current()?.info('stock', `${lines.length} lines reserved for order ${order}`, { 'order.id': order, lines: lines.length })
  response.status(201).json({ order })
})

app.use(answerErrors(gt))
serve(gt, 'inventory', app)
setInterval(() => void takeStock(), STOCKTAKE_EVERY_MS)

/** Runs a query of the stock and says, before and after, when a stocktake makes it wait. */
async function waitForShelves<Result>(query: string, run: () => Promise<Result>): Promise<Result> {
  const lockedForMs = stock.lockedForMs
  if (lockedForMs === undefined) return run()
  const session = gt.current()
  session?.warn('stock', `${query} waits: a stocktake has locked the shelves for ${lockedForMs} ms`, { 'lock.held_ms': lockedForMs })
  const startedAt = performance.now()
  const result = await run()
  const waitedMs = Math.round(performance.now() - startedAt)
  session?.warn('stock', `${query} got the shelves after ${waitedMs} ms`, { 'lock.waited_ms': waitedMs })
  return result
}

async function takeStock(): Promise<void> {
  gt.info('stocktake', 'stocktake begins: shelves are locked')
  const shelves = await stock.takeStock()
  gt.info('stocktake', `stocktake over: ${shelves} shelves counted and filled`, { shelves })
}
