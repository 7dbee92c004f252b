import express from 'express'
import { groundtrack } from '@groundtrack/sdk'
import { expressSessions } from '@groundtrack/sdk/express'
import { answerErrors } from './answer-errors.js'
import { AskError } from './ask-error.js'
import { createAskService } from './ask-service.js'
import { Carts } from './carts.js'
import { formatEuro, getProduct, totalCents, type Line } from './products.js'
import { folder, ownAddress } from './shop-env.js'
import { serve } from './serve.js'

const MAX_LINES = 20
/** A stocktake of inventory makes a few answers late, and is over soon: that alone cuts nobody off. */
const BREAKER = { failures: 6, openMs: 3_000 }

const gt = groundtrack({ service: 'cart', version: '1.4', address: ownAddress, breaker: BREAKER })
const askService = createAskService(gt)
const carts = new Carts(folder.carts)
const app = express()
app.use(expressSessions(gt))
app.use(express.json())

app.get('/carts/:customer', async (request, response) => {
  const lines = await carts.read(request.params.customer)
  gt.current()?.info('cart', `${request.params.customer} has ${lines.length} lines worth ${formatEuro(totalCents(lines))}`, {
    lines: lines.length,
  })
  response.json({ lines })
})

app.post('/carts/:customer/items', async (request, response) => {
  const { customer } = request.params
  const { sku, quantity } = request.body as Line
  const product = getProduct(sku)
  if (!product) throw new AskError(404, `no product ${sku}`)
  const stock = await askService<{ quantity: number }>('inventory', '3.0', `/stock/${sku}`)
  if (stock.quantity < quantity) throw new AskError(409, `only ${stock.quantity} of ${sku} left`)
  const before = await carts.read(customer)
  if (before.length >= MAX_LINES) throw new AskError(409, `the cart of ${customer} is full`)
  const lines = [...before, { sku, quantity }]
  await carts.write(customer, lines)
  gt.current()?.info('cart', `${quantity} × ${product.name} into the cart of ${customer}`, {
    sku,
    quantity,
    'stock.quantity': stock.quantity,
  })
  response.status(201).json({ lines })
})

app.delete('/carts/:customer', async (request, response) => {
  const lines = await carts.read(request.params.customer)
  await carts.write(request.params.customer, [])
  gt.current()?.info('cart', `${lines.length} lines removed from the cart of ${request.params.customer}`)
  response.json({ lines: [] })
})

app.use(answerErrors(gt))
serve(gt, 'cart', app)
