import { newSession, newSpan, postBatch } from './support/batch.js'
import { expect, test } from './support/fixtures.js'
import { sessionRows } from './support/sessions-page.js'

test('reads what is missing, where, and why', async ({ page, quiet }) => {
  const session = newSession()
  const span = newSpan()
  const startedAt = Date.now() - 1_000
  const at = (n: number): Record<string, unknown> => ({ session, span, clock: [n], time: startedAt + 10 * n })
  await postBatch(quiet, {
    service: 'payments',
    events: [
      { ...at(1), kind: 'open', name: 'POST /refunds' },
      { ...at(2), message: 'refund begun' },
      { ...at(6), message: 'refund booked' },
      { ...at(7), kind: 'close', status: 'ok' },
    ],
    dropped: [{ first: 2, last: 4, reason: 'buffer_full', hops: [{ session, span, from: 3, to: 5 }] }],
  })

  await page.goto(`${quiet}/sessions?q=name:"POST /refunds"`)
  const row = sessionRows(page).first()
  await expect(row).toContainText('3 missing')
  await row.getByRole('link').click()

  const lines = page.getByRole('treegrid', { name: 'Lines of this session' }).getByRole('row')
  await expect(lines.nth(1)).toContainText('refund begun')
  await expect(lines.nth(2)).toContainText('3–5')
  await expect(lines.nth(2)).toContainText('3 lines missing: dropped (buffer full)')
  await expect(lines.nth(3)).toContainText('refund booked')
  await expect(page.getByRole('main')).toContainText(/3 missing: payments\S*,? dropped/)
})

test('says that a complete session is complete', async ({ page, quiet }) => {
  const session = newSession()
  const span = newSpan()
  const at = (n: number): Record<string, unknown> => ({ session, span, clock: [n], time: Date.now() - 1_000 + n })
  await postBatch(quiet, {
    service: 'payments',
    events: [
      { ...at(1), kind: 'open', name: 'GET /receipts' },
      { ...at(2), message: 'receipt found' },
      { ...at(3), kind: 'close', status: 'ok' },
    ],
  })

  await page.goto(`${quiet}/s/${session}`)

  await expect(page.getByText('complete', { exact: true })).toBeVisible()
})
