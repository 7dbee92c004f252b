import { expect, test } from './support/fixtures.js'
import { Play } from './support/play.js'
import { lineWith } from './support/session-page.js'

/** A checkout whose third failed call to payments opens its breaker, so that the next one is not sent. */
async function playCutOff(url: string): Promise<Play> {
  const play = new Play()
  const checkout = play.process('checkout')
  const payments = play.process('payments')
  const target = { service: 'payments', version: '1.1', node: payments.node, address: 'http://10.0.0.7:8080' }
  const order = checkout.open('POST /orders', undefined, { remainingMs: 400 })
  const sent = order.call('POST /charges', { target, breaker: 'closed', remainingMs: 380 })
  order.add({ kind: 'return', call: sent.call, status: 'error', reason: 'ECONNREFUSED 10.0.0.7:8080' })
  order.add({ kind: 'breaker', target, from: 'closed', to: 'open', failures: 3, reason: 'ECONNREFUSED', retestAt: Date.now() + 600_000 })
  const cut = order.call('POST /refunds', { target, remainingMs: 350 })
  order.add({ kind: 'return', call: cut.call, status: 'cut', reason: 'the breaker is open' })
  order.close('no node is left')
  payments.open('warm up').close()
  await Promise.all([checkout.live(url), payments.live(url)])
  await play.perform(url)
  return play
}

test('shows which call opened a breaker, which one it cut short, and leads to the breaker and back', async ({ page, quiet }) => {
  const { session } = await playCutOff(quiet)
  await page.goto(`${quiet}/s/${session}`)

  await expect(lineWith(page, '→ payments 1.1').filter({ hasText: 'POST /charges' })).toContainText('⌁ opened the breaker')
  await expect(lineWith(page, 'opened after 3 failures: ECONNREFUSED')).toContainText('⌁ breaker to payments')
  const cut = lineWith(page, 'POST /refunds')
  await expect(cut).toContainText('cut short by an open breaker')

  await cut.click()
  const selected = page.getByRole('region', { name: 'Selected line' })
  await expect(selected).toContainText(/budget350 ms left of 400 ms/)
  await selected.getByRole('link', { name: 'its history' }).click()
  await expect(page).toHaveURL(/\/breakers\/[0-9a-f]{32}/)
  await expect(page.getByRole('main')).toContainText('ECONNREFUSED')
  await page.goBack()
  await expect(cut).toHaveAttribute('aria-selected', 'true')
})

test('says how each process stands now, whom it does not call, and leads to its page', async ({ page, quiet }) => {
  const play = await playCutOff(quiet)
  await page.goto(`${quiet}/s/${play.session}`)

  const strip = page.getByRole('complementary', { name: 'Processes and selected line' })
  const checkout = strip.getByRole('listitem').filter({ hasText: /^checkout/ })
  await expect(checkout).toContainText(/breaker to payments-\d+ open/)
  await expect(strip.getByRole('listitem').filter({ hasText: /^payments/ })).not.toContainText('breaker')
  await checkout.getByRole('link', { name: /^checkout/ }).click()
  await expect(page).toHaveURL(/\/nodes\/[0-9a-f-]{36}/)
})

test('shows how the deadline shrank from step to step, and who passed it', async ({ page, quiet }) => {
  const play = new Play()
  const front = play.process('storefront').open('POST /checkout', undefined, { remainingMs: 1_000 })
  const sent = front.call('POST /orders', { remainingMs: 970 })
  const order = play.process('checkout').open('POST /orders', sent, { remainingMs: 15 })
  order.log('waits for the shelves').log('got them').close()
  front.answered(sent, order).close()
  await play.perform(quiet)
  await page.goto(`${quiet}/s/${play.session}`)

  const step = lineWith(page, 'checkout').filter({ hasText: 'over budget' })
  await expect(step).toContainText('15 ms over budget')
  await expect(step.getByTitle(/^15 ms of the deadline were left\. It went on for 15 ms beyond it\.$/)).toHaveCount(2)
  await expect(lineWith(page, 'POST /checkout').getByTitle('1 s of the deadline were left.')).toHaveCount(1)
  await expect(lineWith(page, 'POST /checkout')).not.toContainText('over budget')
})
