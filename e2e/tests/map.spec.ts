import { expect, test } from './support/fixtures.js'
import { Play } from './support/play.js'
import { callFails, ownNames } from './support/shop.js'

test('draws who calls whom with its failures, and leads to their sessions', async ({ page, quiet }) => {
  const [checkoutName, paymentsName] = ownNames('checkout', 'payments')
  const play = new Play()
  const [checkout, payments] = [play.process(checkoutName), play.process(paymentsName)]
  await Promise.all([checkout.live(quiet), payments.live(quiet)])
  const order = checkout.open('POST /orders')
  const sent = order.call('POST /charge', { target: { service: paymentsName, node: payments.node } })
  const step = payments.open('POST /charge', sent).close()
  order.answered(sent, { span: step.span, last: step.last })
  callFails(order, payments, 'POST /charge', { status: 'error', reason: 'ECONNRESET' })
  order.close()
  await play.perform(quiet)

  await page.goto(`${quiet}/map`)
  const label = page.getByRole('region', { name: 'Map of services' }).getByRole('button', { name: `${checkoutName} to ${paymentsName}:` })
  await expect(label).toHaveAccessibleName(/50 % failed, p95 /)
  await label.click()

  await expect(page).toHaveURL(`${quiet}/map?show=${checkoutName}%3E${paymentsName}`)
  const chosen = page.getByRole('region', { name: 'What is chosen' })
  await expect(chosen).toContainText('1 error')
  await chosen.getByRole('link', { name: 'Sessions →' }).click()
  await expect(page).toHaveURL(new RegExp(`/sessions\\?q=services:${checkoutName}\\+services:${paymentsName}`))
  await expect(page.getByRole('main').getByRole('link', { name: 'POST /orders' })).toHaveCount(1)
})

test('tells the same in its table, and moves through time by keys', async ({ page, busy }) => {
  await page.goto(`${busy}/map`)
  const rows = page.getByRole('table', { name: 'Calls between services' }).getByRole('row')
  await expect(rows.filter({ has: page.getByRole('button', { name: 'Calls from storefront to cart' }) })).toBeVisible()

  const moment = page.getByRole('slider', { name: 'Moment' })
  await moment.focus()
  await page.keyboard.press('Home')
  await expect(page).toHaveURL(/at=\d{4}-/)
  await expect(rows.getByText('No calls in this time.')).toBeVisible()
  await expect(page.getByRole('button', { name: /^storefront/ })).toContainText('silent')
  await page.getByRole('button', { name: 'Whole time' }).click()
  await expect(page.getByRole('button', { name: 'Calls from storefront to cart' })).toBeVisible()
})
