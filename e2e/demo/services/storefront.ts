import express, { type Request } from 'express'
import { groundtrack } from '@groundtrack/sdk'
import { expressSessions } from '@groundtrack/sdk/express'
import { answerErrors } from './answer-errors.js'
import { createAsk } from './ask.js'
import { createAskService } from './ask-service.js'
import { getProduct } from './products.js'
import { serve } from './serve.js'
import { addressOf, ownAddress } from './shop-env.js'

interface Cart {
  lines: { sku: string; quantity: number }[]
}

const PAGE_DEADLINE_MS = 800
const CHECKOUT_DEADLINE_MS = 2_500
/** A stocktake of inventory makes a few pages late: that alone cuts nobody off. Customers are back soon, so who is cut off is tried soon. */
const BREAKER = { failures: 6, openMs: 4_000 }

const gt = groundtrack({ service: 'storefront', version: '2.3', address: ownAddress, breaker: BREAKER })
const ask = createAsk(gt)
const askService = createAskService(gt)
const app = express()
app.use(expressSessions(gt))
app.use(express.json())

app.get('/', async (request, response) => {
  const customer = customerOf(request)
  gt.current()?.set('shop:customer', customer)
  gt.current()?.setDeadline(PAGE_DEADLINE_MS)
  // Both at once: neither needs the other's answer.
  const [cart, offers] = await Promise.all([
    askService<Cart>('cart', '1.4', `/carts/${customer}`),
    askService<{ skus: string[] }>('inventory', '3.0', '/offers'),
  ])
  gt.current()?.info('page', `front page for ${customer}: ${offers.skus.length} offers, ${cart.lines.length} lines in the cart`)
  response.json({ offers: offers.skus, cart })
})

app.get('/products/:sku', async (request, response) => {
  const product = getProduct(request.params.sku)
  if (!product) return void response.status(404).json({ error: `no product ${request.params.sku}` })
  gt.current()?.setDeadline(PAGE_DEADLINE_MS)
  const stock = await askService<{ quantity: number }>('inventory', '3.0', `/stock/${product.sku}`)
  gt.current()?.info('page', `${product.name} (${product.sku}): ${stock.quantity} in stock`, {
    sku: product.sku,
    'stock.quantity': stock.quantity,
  })
  response.json({ ...product, ...stock })
})

app.post('/cart/items', async (request, response) => {
  const customer = customerOf(request)
  gt.current()?.set('shop:customer', customer)
  gt.current()?.setDeadline(PAGE_DEADLINE_MS)
  response.status(201).json(await askService<Cart>('cart', '1.4', `/carts/${customer}/items`, { body: request.body }))
})

app.delete('/cart', async (request, response) => {
  const customer = customerOf(request)
  gt.current()?.set('shop:customer', customer)
  response.json(await askService<Cart>('cart', '1.4', `/carts/${customer}`, { method: 'DELETE' }))
})

app.post('/checkout', async (request, response) => {
  const customer = customerOf(request)
  gt.current()?.set('shop:customer', customer)
  gt.current()?.setDeadline(CHECKOUT_DEADLINE_MS)
  // At a fixed address, and without a breaker: that the bank is away is no reason to cut off checkout.
  const order = await ask<{ order: string; total: string }>(`${addressOf('checkout')}/orders`, { body: { customer } })
  gt.current()?.info('shop', `thanked ${customer} for order ${order.order} of ${order.total}`, { 'order.id': order.order })
  response.status(201).json(order)
})

app.use(answerErrors(gt))
serve(gt, 'storefront', app)

function customerOf(request: Request): string {
  return request.get('x-customer') ?? 'guest'
}
