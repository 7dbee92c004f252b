// Packs what was ordered, in sessions of its own: an order is done long before its parcel is. Runs on a small machine: little memory
// is left for its log, and its clock is often set.
import { setTimeout as delay } from 'node:timers/promises'
import express from 'express'
import { groundtrack, type Session } from '@groundtrack/sdk'
import { expressSessions } from '@groundtrack/sdk/express'
import { answerErrors } from './answer-errors.js'
import { AskError } from './ask-error.js'
import { createAskService } from './ask-service.js'
import { Carrier } from './carrier.js'
import { listProducts, type Line } from './products.js'
import { serve } from './serve.js'
import { addressOf, nameOf, ownAddress } from './shop-env.js'

interface Parcel {
  order: string
  /** Of the bank, for the money that is collected when the parcel is packed. */
  code: string
  lines: Line[]
}

const SMALLEST_BUFFER_BYTES = 65_536
const PACKING_MS = 2_000
const CARRIER_PATIENCE_MS = 500
const PALLET_EVERY_MS = 8_000
const UNITS_OF_PALLET = 600
const RECOUNT_MS = 300_000

const CUT_OFF_MS = 10_000
const COLLECT_ATTEMPTS = 2
const COLLECT_AGAIN_MS = 300

const gt = groundtrack({
  service: 'warehouse',
  version: '0.4',
  address: ownAddress,
  maxBufferBytes: SMALLEST_BUFFER_BYTES,
  breaker: { openMs: CUT_OFF_MS },
})
const askService = createAskService(gt)
const carrier = new Carrier(addressOf('carrier'))
let pallets = 0
const app = express()
app.use(expressSessions(gt))
app.use(express.json())

app.post('/parcels', (request, response) => {
  const parcel = request.body as Parcel
  gt.current()?.info('parcel', `the parcel of order ${parcel.order} will be packed`, { 'order.id': parcel.order })
  response.status(202).end()
  const session = gt.derive(request, { name: 'pack a parcel' })
  session
    .run(() => pack(session, parcel))
    .then(() => session.close())
    .catch((error: Error) => {
      session.error('parcel', `parcel of order ${parcel.order} not packed: ${error.message}`)
      session.close({ status: 'error', reason: error.message })
    })
})

app.use(answerErrors(gt))
serve(gt, 'warehouse', app)
setInterval(checkPallet, PALLET_EVERY_MS)
void recount()

async function pack(session: Session, { order, code, lines }: Parcel): Promise<void> {
  session.set('shop:order', order)
  const sku = lines[0]?.sku ?? ''
  const before = await askService<{ quantity: number }>('inventory', '3.0', `/stock/${sku}`)
  session.info('parcel', `fetching ${lines.length} lines of order ${order}`, { 'order.id': order, sku, 'stock.quantity': before.quantity })
  await delay(PACKING_MS)
  const after = await askService<{ quantity: number }>('inventory', '3.0', `/stock/${sku}`)
  session.info('parcel', `order ${order} is packed`, { 'order.id': order, sku, 'stock.quantity': after.quantity })
  await collectMoney(session, order, code)
  if (!(await carrier.announce(session, order, CARRIER_PATIENCE_MS)))
    session.warn('parcel', `the carrier has not answered for ${CARRIER_PATIENCE_MS} ms: the parcel of order ${order} waits at the gate`)
}

/** Money is taken when the parcel is ready: through a payments node, and once more, a little later, when that fails. */
async function collectMoney(session: Session, order: string, code: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await askService('payments', '1.1', '/captures', { body: { order, code } })
      session.info('parcel', `the money of order ${order} is collected`, { 'order.id': order })
      return
    } catch (error) {
      if (!(error instanceof AskError) || error.address === undefined || attempt === COLLECT_ATTEMPTS) throw error
      session.warn(
        'parcel',
        `${nameOf('payments', error.address)} could not collect the money of order ${order}: ${error.message}; once more`,
      )
      await delay(COLLECT_AGAIN_MS)
    }
  }
}

/** Reads the codes of a whole pallet in one go: more lines than the buffer holds until the next batch. */
function checkPallet(): void {
  const session = gt.session({ name: 'check a pallet' })
  const product = listProducts()[++pallets % listProducts().length]
  session.info('pallet', `pallet ${pallets}: ${UNITS_OF_PALLET} × ${product?.name}`, { sku: product?.sku })
  for (let unit = 1; unit <= UNITS_OF_PALLET; unit++)
    session.info('pallet', `unit ${unit} of pallet ${pallets}: the code reads ${product?.sku}`, { unit, sku: product?.sku })
  session.warn('pallet', `pallet ${pallets} is checked`, { units: UNITS_OF_PALLET })
  session.close()
}

/** People count by hand for minutes, and the program has nothing to say meanwhile. */
async function recount(): Promise<void> {
  for (;;) {
    const session = gt.session({ name: 'recount by hand' })
    session.info('recount', 'handed out the lists; the next line comes when the last list is back')
    await delay(RECOUNT_MS)
    session.info('recount', 'the last list is back')
    session.close()
  }
}
