import { expect, test } from './support/fixtures.js'
import { listSessions } from './support/query.js'
import { sessionRows } from './support/sessions-page.js'

const FAILED_PAYMENTS = 'outcome:failed "no node is left"'

test.beforeAll(async () => {
  const busy = process.env['GROUNDTRACK_E2E_BUSY'] ?? ''
  await expect.poll(async () => (await listSessions(busy, FAILED_PAYMENTS)).length, { timeout: 30_000 }).toBeGreaterThan(0)
})

test('finds the failing step of a request and reads its last words in two clicks', async ({ page, busy }) => {
  await page.goto(`${busy}/sessions?q=${encodeURIComponent(FAILED_PAYMENTS)}`)
  const failed = sessionRows(page).first()
  await expect(failed).toContainText('failed')
  await expect(failed).toContainText(/payments(-\d)? · .*ECONNRESET/)

  await failed.getByRole('link').click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/^Failed in payments-\d after .*ECONNRESET/)
  await page.getByRole('button', { name: /^jump/ }).click()

  const line = page.getByRole('treegrid', { name: 'Lines of this session' }).getByRole('row', { selected: true })
  await expect(line).toBeInViewport({ ratio: 0.9 })
  await expect(line).toContainText(/bank line \S+ broke while charging order \d+: read ECONNRESET/)
  const details = page.getByRole('region', { name: 'Selected line' })
  await expect(details).toContainText('order.id')
  await expect(details).toContainText('onStreamRead')
})

test('sees who called whom, and what each said, in one list', async ({ page, busy }) => {
  await page.goto(`${busy}/sessions?q=${encodeURIComponent(FAILED_PAYMENTS)}`)
  await sessionRows(page).first().getByRole('link').click()

  const lines = page.getByRole('treegrid', { name: 'Lines of this session' }).getByRole('row')
  await expect(lines.filter({ hasText: 'POST /checkout' }).first()).toHaveAttribute('aria-level', '1')
  await expect(lines.filter({ hasText: 'POST /orders' }).and(page.locator('[aria-expanded]'))).toHaveAttribute('aria-level', '2')
  await expect(
    lines
      .filter({ hasText: /payments.* POST \/charges/ })
      .and(page.locator('[aria-level="3"]'))
      .first(),
  ).toBeVisible()
  await expect(lines.filter({ hasText: 'trying another node' })).toBeVisible()
  await expect(lines.filter({ hasText: 'no node is left' })).toBeVisible()
  await expect(page.getByText('shop:customer').first()).toBeVisible()
})

test('folds a step and says what it hides', async ({ page, busy }) => {
  await page.goto(`${busy}/sessions?q=${encodeURIComponent(FAILED_PAYMENTS)}`)
  await sessionRows(page).first().getByRole('link').click()
  const lines = page.getByRole('treegrid', { name: 'Lines of this session' }).getByRole('row')
  await expect(lines.filter({ hasText: 'no node is left' })).toBeVisible()

  await page.getByRole('button', { name: 'Collapse checkout' }).click()

  await expect(lines.filter({ hasText: 'no node is left' })).toHaveCount(0)
  await expect(lines.filter({ hasText: /hidden, \d+ errors?/ })).toBeVisible()
  await page.getByRole('button', { name: 'Expand checkout' }).click()
  await expect(lines.filter({ hasText: 'no node is left' })).toBeVisible()
})
