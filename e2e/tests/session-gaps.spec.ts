import { expect, test } from './support/fixtures.js'
import { Play } from './support/play.js'
import { lineWith, linesOf, stepsOf } from './support/session-page.js'

test('a step whose process left says that it died, and its last words', async ({ page, quiet }) => {
  const play = new Play()
  const checkout = play.process('checkout')
  const mailer = play.process('mailer')
  const order = checkout.open('POST /orders')
  const mail = mailer.open('POST /mails', order.call('POST /mails'))
  mail.log('handing the mail to the relay')
  await Promise.all([checkout.live(quiet), mailer.live(quiet)])
  await play.perform(quiet)
  await Promise.all([checkout.leave(quiet), mailer.leave(quiet)])

  await page.goto(`${quiet}/s/${play.session}`)

  await expect(page.getByRole('heading', { level: 1 })).toContainText(/^Died in mailer/)
  const step = stepsOf(page).filter({ hasText: 'POST /mails' })
  await expect(step).toContainText('† died')
  await expect(step).toContainText('last words: “handing the mail to the relay”')
  await expect(page.getByText('complete', { exact: true })).toHaveCount(0)
})

test('a step that is silent while its process lives is running, and has not died', async ({ page, quiet }) => {
  const play = new Play()
  const warehouse = play.process('inventory')
  warehouse.open('recount').log('handed out the lists')
  await warehouse.live(quiet)
  await play.perform(quiet)

  await page.goto(`${quiet}/s/${play.session}`)

  await expect(page.getByRole('heading', { level: 1 })).toContainText(/^Running/)
  await expect(lineWith(page, 'recount')).toContainText('running')
  await expect(page.getByRole('main')).not.toContainText('†')
  await expect(page.getByRole('main')).toContainText('still receiving')
})

test('a call that nobody answered keeps a session from being complete', async ({ page, quiet }) => {
  const play = new Play()
  const step = play.process('checkout').open('POST /parcels')
  step.call('ANNOUNCE', { target: { service: 'carrier' } })
  step.log('the carrier has not answered').close()
  await play.perform(quiet)

  await page.goto(`${quiet}/s/${play.session}`)

  await expect(lineWith(page, 'ANNOUNCE')).toContainText('unanswered')
  await expect(page.getByRole('main')).toContainText('1 unanswered call')
  await expect(page.getByText('complete', { exact: true })).toHaveCount(0)
})

test('a step of which only the answer is known is missing as a whole', async ({ page, quiet }) => {
  const play = new Play()
  const order = play.process('checkout').open('POST /orders')
  order.answered(order.call('GET /carts', { target: { service: 'cart' } }), { span: '00c0ffee00c0ffee', last: 4 }).close()
  await play.perform(quiet)

  await page.goto(`${quiet}/s/${play.session}`)

  const step = lineWith(page, '4 lines missing')
  await expect(step).toContainText('cart nothing came of it: at least 4 lines missing')
  await expect(step).toHaveAttribute('aria-level', '2')
  await expect(page.getByRole('main')).toContainText(/at least 4 missing: cart (lacks|has yet to deliver) at least 4/)
})

test('a number that was dropped stands at its place, and is told from one that nothing explains', async ({ page, quiet }) => {
  const play = new Play()
  const step = play.process('inventory').open('check a pallet').log('unit 1').drop(5).log('unit 7')
  step.last += 2
  step.log('unit 10').close()
  await play.perform(quiet)

  await page.goto(`${quiet}/s/${play.session}`)

  const lines = linesOf(page)
  await expect(lines.nth(2)).toContainText('5 lines missing: dropped (buffer full)')
  await expect(lines.nth(4)).toContainText('2 lines missing')
  await expect(lines.nth(4)).not.toContainText('dropped')
  await expect(page.getByRole('main')).toContainText(/7 missing: inventory dropped 5 \(buffer full\) at \d\d:\d\d:\d\d/)
})
