import type { Locator, Page } from '@playwright/test'
import { expect, test } from './support/fixtures.js'
import { Play } from './support/play.js'
import { ownNames } from './support/shop.js'

test('shows a node within a second of its first sign of life, and what becomes of it, without a reload', async ({ page, quiet }) => {
  const [service] = ownNames('cart')
  const play = new Play()
  const [first, second] = [play.process(service), play.process(service)]
  await page.goto(`${quiet}/nodes?q=${service}`)
  await expect(page.getByRole('heading', { name: 'No node' })).toBeVisible()

  await first.live(quiet)
  await second.live(quiet)
  await expect(cardOf(page, `${service}-1`)).toContainText(/up.*beat \d+ s ago/)
  await expect(cardOf(page, `${service}-2`)).toContainText('up')

  await second.leave(quiet)
  await expect(cardOf(page, `${service}-2`)).toContainText(/gone|restarting/)
  await expect(cardOf(page, `${service}-2`)).not.toContainText('○ up')
  await expect(cardOf(page, `${service}-1`)).toContainText('up')
})

test('leads from a node to its sessions and to the lines of its process', async ({ page, quiet }) => {
  const [service] = ownNames('mailer')
  const play = new Play()
  const mailer = play.process(service)
  mailer.open('POST /mails').log('relay took the mail').close()
  await mailer.live(quiet)
  await play.perform(quiet)

  await page.goto(`${quiet}/nodes?q=${service}`)
  await cardOf(page, `${service}-1`).getByRole('link').click()

  await expect(page).toHaveURL(`${quiet}/nodes/${mailer.node}`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${service}-1`)
  await expect(page.getByRole('region', { name: 'Services' })).toContainText(service)
  await expect(page.getByRole('region', { name: 'What became of it' })).toContainText('came up')
  await page.getByRole('link', { name: 'Its sessions' }).click()
  await expect(page).toHaveURL(new RegExp(`/sessions\\?q=node:${mailer.node}`))
  await expect(page.getByRole('main').getByRole('link', { name: 'POST /mails' })).toBeVisible()
})

test('draws how far another clock is ahead, between its bounds', async ({ page, quiet }) => {
  const [checkoutName, cartName] = ownNames('checkout', 'cart')
  const play = new Play()
  const checkout = play.process(checkoutName)
  const cart = play.process(cartName, 5_000)
  await checkout.live(quiet)
  const order = checkout.open('POST /orders')
  const sent = order.call('GET /cart', { target: { service: cartName } })
  const step = cart.open('GET /cart', sent).log('two items').close()
  order.answered(sent, { span: step.span, last: step.last }).close()
  await play.perform(quiet)

  await page.goto(`${quiet}/nodes/${checkout.node}`)

  await expect(page.getByRole('region', { name: 'Clocks of others' })).toContainText(
    new RegExp(`${cartName}.*(4\\.9\\d|5(\\.0\\d)?) s ahead, ± \\d+`),
  )
})

test('finds its way by keys alone: filter, walk, open, close', async ({ page, quiet }) => {
  const [service] = ownNames('inventory')
  const play = new Play()
  const inventory = play.process(service)
  await inventory.live(quiet)

  await page.goto(`${quiet}/sessions`)
  await expect(page.getByRole('search').getByRole('textbox')).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('n')
  await expect(page).toHaveURL(/\/nodes/)
  const filter = page.getByRole('textbox', { name: 'Filter services and nodes' })
  await expect(filter).toBeVisible()
  await page.keyboard.press('/')
  await expect(filter).toBeFocused()
  await page.keyboard.type(service)
  await expect(page).toHaveURL(new RegExp(`q=${service}`))
  await page.keyboard.press('Escape')
  await page.keyboard.press('j')
  await expect(cardOf(page, `${service}-1`).getByRole('link')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(`${quiet}/nodes/${inventory.node}`)
})

test('says that its figures are old when the collector does not answer, and goes on counting', async ({ page, quiet }) => {
  const [service] = ownNames('storefront')
  await new Play().process(service).live(quiet)
  await page.goto(`${quiet}/nodes?q=${service}`)
  await expect(page.getByText('as of now')).toBeVisible()

  await page.route('**/api/v1/nodes?*', (route) => route.abort())

  await expect(page.getByText(/as of \d\d:\d\d:\d\d, \d+ s ago/)).toBeVisible()
  await expect(page.getByRole('alert').getByText('What stands here may have changed since.')).toBeVisible()
  await expect(cardOf(page, `${service}-1`)).toBeVisible()
})

test('fits a phone: cards below one another, breakers as a list', async ({ page, quiet }) => {
  const [service] = ownNames('payments')
  await new Play().process(service).live(quiet)
  await page.setViewportSize({ width: 390, height: 844 })
  for (const path of [`/nodes?q=${service}`, '/nodes?view=breakers', '/map']) {
    await page.goto(quiet + path)
    await expect(page.getByRole('button', { name: 'Live' })).toBeVisible()
    await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  }
})

/** A node's card on the board. */
function cardOf(page: Page, name: string): Locator {
  return page.getByRole('article').filter({ has: page.getByRole('link', { name, exact: true }) })
}
