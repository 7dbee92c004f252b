import { expect, test } from './support/fixtures.js'
import { Play } from './support/play.js'
import { lineWith, linesOf, stepsOf } from './support/session-page.js'

/** A front page that asks cart and inventory at once. */
async function playFrontPage(url: string): Promise<Play> {
  const play = new Play()
  const root = play.process('storefront').open('GET /')
  const toCart = root.call('GET /carts/ada')
  const toInventory = root.call('GET /offers')
  const cart = play.process('cart').open('GET /carts/:customer', toCart)
  const inventory = play.process('inventory').open('GET /offers', toInventory)
  cart.log('ada has 2 lines')
  inventory.log('6 products on offer')
  cart.close()
  inventory.close()
  root.answered(toCart, cart).answered(toInventory, inventory).log('front page for ada').close()
  await play.perform(url)
  return play
}

test('says why one line stands before another, and through which lines', async ({ page, quiet }) => {
  const { session } = await playFrontPage(quiet)
  await page.goto(`${quiet}/s/${session}`)

  await page.getByText('ada has 2 lines').click()
  await page.getByText('front page for ada').click({ modifiers: ['Shift'] })

  const why = page.getByRole('region', { name: 'Why this order?' })
  await expect(why.getByRole('status')).toContainText('“ada has 2 lines” happened before “front page for ada”')
  const chain = why.getByRole('list', { name: 'What leads from one to the other' })
  await expect(chain).toContainText('its answer came back')
  await expect(chain.getByRole('listitem').last()).toContainText('front page for ada')
})

test('names the earlier of two lines first, also where the later one was selected first', async ({ page, quiet }) => {
  const { session } = await playFrontPage(quiet)
  await page.goto(`${quiet}/s/${session}`)

  await page.getByText('front page for ada').click()
  await page.getByRole('button', { name: 'why this order?' }).click()
  await page.getByText('ada has 2 lines').click()

  const why = page.getByRole('region', { name: 'Why this order?' })
  await expect(why.getByRole('status')).toContainText('“ada has 2 lines” happened before “front page for ada”')
  await expect(why.getByRole('listitem').first()).toContainText('ada has 2 lines')
})

test('says that two lines are concurrent, and marks them in the list by cause', async ({ page, quiet }) => {
  const { session } = await playFrontPage(quiet)
  await page.goto(`${quiet}/s/${session}`)

  await page.getByText('ada has 2 lines').click()
  await page.getByRole('button', { name: 'why this order?' }).click()
  await page.getByText('6 products on offer').click()
  await expect(page.getByRole('region', { name: 'Why this order?' }).getByRole('status')).toContainText('concurrent')

  await page.getByRole('button', { name: 'By cause' }).click()
  await expect(lineWith(page, '6 products on offer')).toContainText('concurrent')
  await expect(lineWith(page, 'front page for ada')).not.toContainText('concurrent')
})

test('shows both steps that took up the same call, and says so', async ({ page, quiet }) => {
  const play = new Play()
  const order = play.process('checkout').open('POST /orders')
  const reserve = order.call('POST /reservations')
  const inventory = play.process('inventory')
  const first = inventory.open('POST /reservations', reserve)
  order.log('asking once more', 'warn')
  const second = inventory.open('POST /reservations', reserve)
  first.close()
  second.log('takes only once').close()
  order.answered(reserve, first).close()
  await play.perform(quiet)

  await page.goto(`${quiet}/s/${play.session}`)

  const twice = stepsOf(page).filter({ hasText: 'joined twice' })
  await expect(twice).toHaveCount(2)
  await expect(twice.last()).toHaveAttribute('aria-level', '2')
  await expect(page.getByText('complete', { exact: true })).toBeVisible()
})

test('names a clock that is ahead, and draws the call as if it were not', async ({ page, quiet }) => {
  const play = new Play()
  const root = play.process('storefront').open('GET /')
  const asked = root.call('GET /carts/ada')
  const cart = play.process('cart', 5_000).open('GET /carts/:customer', asked)
  cart.log('ada has 2 lines').close()
  root.answered(asked, cart).log('front page for ada').close()
  await play.perform(quiet)

  await page.goto(`${quiet}/s/${play.session}`)

  const strip = page.getByRole('complementary', { name: 'Processes and selected line' })
  await expect(strip.getByRole('listitem').filter({ hasText: 'cart' })).toContainText(/clock 5(\.\d+)? s ahead/)
  await expect(strip.getByRole('listitem').filter({ hasText: 'storefront' })).not.toContainText('clock')
  await expect(lineWith(page, 'ada has 2 lines')).toContainText(/\+\d+(\.\d+)? ms/)

  await page.getByRole('button', { name: 'By clock' }).click()
  await expect(lineWith(page, 'front page for ada')).toContainText('⇅ clock')
})

test('names a clock that was set while the session ran, and leads there', async ({ page, quiet }) => {
  const play = new Play()
  const warehouse = play.process('inventory', -4_000)
  const root = warehouse.open('pack a parcel')
  const cart = play.process('cart')
  for (const aheadMs of [-4_000, 0]) {
    warehouse.aheadMs = aheadMs
    root.log(aheadMs === 0 ? 'the clock is right again' : 'the clock is wrong')
    const asked = root.call('GET /stock')
    const stock = cart.open('GET /stock', asked)
    stock.close()
    root.answered(asked, stock)
  }
  root.close()
  await play.perform(quiet)

  await page.goto(`${quiet}/s/${play.session}`)

  const oddities = page.getByRole('region', { name: 'Oddities' })
  await expect(oddities).toContainText(/Clock of inventory stepped by about 4(\.\d+)? s here/)
  await oddities.getByRole('button', { name: /^Show: Clock of inventory/ }).click()
  const selected = linesOf(page).and(page.getByRole('row', { selected: true }))
  await expect(selected).toContainText('the clock is right again')
  await expect(selected).toBeInViewport()
})
