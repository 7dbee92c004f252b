import express from 'express'
import { groundtrack } from '@groundtrack/sdk'
import { expressSessions } from '@groundtrack/sdk/express'
import { answerErrors } from './answer-errors.js'
import { AskError, createAsk } from './ask.js'
import { formatEuro, getProduct, totalCents, type Line } from './products.js'
import { addressOf, ownAddress, ownPort, sayReady } from './shop-env.js'

const MAX_LINES = 20

const gt = groundtrack({ service: 'cart', version: '1.4', address: ownAddress })
const ask = createAsk(gt)
const carts = new Map<string, Line[]>()
const app = express()
app.use(expressSessions(gt))
app.use(express.json())

app.get('/carts/:customer', (request, response) => {
  const lines = linesOf(request.params.customer)
  gt.current()?.info('cart', `${request.params.customer} has ${lines.length} lines worth ${formatEuro(totalCents(lines))}`, {
    lines: lines.length,
  })
  response.json({ lines })
})

app.post('/carts/:customer/items', async (request, response) => {
  const { sku, quantity } = request.body as Line
  const product = getProduct(sku)
  if (!product) throw new AskError(404, `no product ${sku}`)
  const stock = await ask<{ quantity: number }>(`${addressOf('inventory')}/stock/${sku}`)
  if (stock.quantity < quantity) throw new AskError(409, `only ${stock.quantity} of ${sku} left`)
  const lines = linesOf(request.params.customer)
  if (lines.length >= MAX_LINES) throw new AskError(409, `the cart of ${request.params.customer} is full`)
  lines.push({ sku, quantity })
  gt.current()?.info('cart', `${quantity} × ${product.name} into the cart of ${request.params.customer}`, {
    sku,
    quantity,
    'stock.quantity': stock.quantity,
  })
  response.status(201).json({ lines })
})

app.delete('/carts/:customer', (request, response) => {
  const lines = linesOf(request.params.customer)
  carts.set(request.params.customer, [])
  gt.current()?.info('cart', `${lines.length} lines removed from the cart of ${request.params.customer}`)
  response.json({ lines: [] })
})

app.use(answerErrors(gt))
app.listen(ownPort, '127.0.0.1', () => {
  gt.info('boot', `cart listens on ${ownAddress}`)
  sayReady()
})

/** Whoever comes for the first time today still has a mug in the cart from yesterday. */
function linesOf(customer: string): Line[] {
  const lines = carts.get(customer) ?? [{ sku: 'A-17', quantity: 1 }]
  carts.set(customer, lines)
  return lines
}
