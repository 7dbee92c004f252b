// The load: customers who look around, fill their carts and buy. They are browsers without Groundtrack.
import { addressOf, sayReady } from './shop-env.js'

const CUSTOMERS = ['ada', 'blaise', 'carl', 'dorothy', 'emmy', 'fibonacci', 'grace', 'hedy', 'isaac', 'joan', 'katherine', 'leonhard']
const BASKETS = [['A-17', 'D-11'], ['B-02'], ['C-40', 'A-17'], ['E-23'], ['F-08', 'E-23', 'E-23'], ['D-11', 'C-40']]
/** Enough at once that the viewer has something to show within seconds. */
const FIRST_RUSH = 24
const PATIENCE_MS = 10_000
const MAX_WAITING = 200

const ratePerSecond = Number(process.argv[2] ?? 6)
const shop = addressOf('storefront')
let waiting = 0
let stopping = false

/** One visit: what a customer does, step by step; round after round. */
const STEPS: ((customer: string, basket: string[]) => Promise<Response>)[] = [
  (customer) => get('/', customer),
  (customer, basket) => get(`/products/${basket[0]}`, customer),
  (customer, basket) => send('POST', '/cart/items', customer, { sku: basket[0], quantity: 1 }),
  (customer, basket) => send('POST', '/cart/items', customer, { sku: basket.at(-1), quantity: 2 }),
  (customer) => send('POST', '/checkout', customer),
]

let step = 0
let timer: NodeJS.Timeout | undefined
process.once('message', () => {
  for (; step < FIRST_RUSH; step++) void act(step)
  timer = setInterval(() => void act(step++), 1_000 / ratePerSecond)
})
// Until then nothing else keeps this process alive.
process.channel?.ref()
sayReady()
// Told to stop, nobody new comes in, and those inside finish.
process.once('SIGTERM', () => {
  clearInterval(timer)
  stopping = true
  if (waiting === 0) process.exit()
})

/** Customers take turns, each a different number of steps along, so that every kind of request is always under way. */
async function act(turn: number): Promise<void> {
  if (waiting >= MAX_WAITING) return
  const index = turn % CUSTOMERS.length
  const round = Math.floor(turn / CUSTOMERS.length)
  const customer = CUSTOMERS[index] ?? 'ada'
  const basket = BASKETS[(index + Math.floor((index + round) / STEPS.length)) % BASKETS.length] ?? []
  const take = STEPS[(index + round) % STEPS.length]
  if (!take) return
  waiting += 1
  try {
    const response = await take(customer, basket)
    await response.arrayBuffer()
    // The card was declined: the customer gives up and empties the cart.
    if (response.status === 402) await send('DELETE', '/cart', customer)
  } catch {
    // The storefront does not answer: the customer shrugs and comes back.
  } finally {
    waiting -= 1
    if (stopping && waiting === 0) process.exit()
  }
}

function get(path: string, customer: string): Promise<Response> {
  return fetch(shop + path, { headers: { 'x-customer': customer }, signal: AbortSignal.timeout(PATIENCE_MS) })
}

function send(method: 'POST' | 'DELETE', path: string, customer: string, body: unknown = {}): Promise<Response> {
  const headers = { 'x-customer': customer, 'content-type': 'application/json' }
  return fetch(shop + path, { method, headers, body: JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE_MS) })
}
