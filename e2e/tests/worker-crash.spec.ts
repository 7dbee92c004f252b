import { expect, test } from './support/fixtures.js'
import { rowsWithOutcome } from './support/sessions-page.js'

/** A process counts as dead once its sign of life (30 s) has run out twice over. */
const DEAD_AFTER_MS = 75_000

test('sees which process died at its work, and its last words', async ({ page, busy }) => {
  test.setTimeout(DEAD_AFTER_MS + 45_000)
  await page.goto(`${busy}/sessions?q=outcome:died`)
  const died = rowsWithOutcome(page, 'died')
  await expect(async () => {
    await page.reload()
    await expect(died.first()).toBeVisible({ timeout: 2_000 })
  }).toPass({ timeout: DEAD_AFTER_MS + 30_000 })

  await died.first().getByRole('link').click()

  await expect(page.getByRole('heading', { level: 1 })).toContainText(/died/i)
  const lines = page.getByRole('treegrid', { name: 'Lines of this session' }).getByRole('row')
  await expect(lines.filter({ hasText: '† died' })).toContainText('mailer')
  await expect(lines.filter({ hasText: '† last words' })).toContainText('to the relay')
})
