import { expect, test } from './support/fixtures.js'
import { search } from './support/sessions-page.js'
import { tellStory } from './support/stories.js'

test('lists single lines of all sessions and opens the session of one at that line', async ({ page, quiet }) => {
  const lines = Array.from({ length: 60 }, (_, index) => ({ message: `parcel ${index} weighed` }))
  const { session, span } = await tellStory(quiet, { service: 'mailer', name: 'POST /parcels', lines })
  await page.goto(`${quiet}/logs`)

  await search(page, '"parcel 41 weighed"')
  const row = page.getByRole('table', { name: 'Log lines' }).getByRole('row')
  await expect(row).toHaveCount(1)
  await expect(row).toContainText('mailer')
  await row.getByRole('link', { name: 'parcel 41 weighed' }).click()

  await expect(page).toHaveURL(`${quiet}/s/${session}?e=${span}:43`)
  await expect(page.getByText('parcel 41 weighed').first()).toBeInViewport({ ratio: 0.9 })
})

test('shows all that a line carries', async ({ page, quiet }) => {
  await tellStory(quiet, {
    name: 'POST /labels',
    lines: [{ message: 'label printed', attributes: { printer: { name: 'zebra', dpi: 300 } } }],
  })
  await page.goto(`${quiet}/logs?q="label printed"`)

  await page.getByRole('button', { name: 'All that this line carries' }).click()

  await expect(page.getByRole('main')).toContainText('zebra')
  await expect(page.getByRole('main')).toContainText('300')
})

test('scrolls on to older lines', async ({ page, quiet }) => {
  const lines = Array.from({ length: 1_500 }, (_, index) => ({ message: `pallet ${String(index).padStart(4, '0')} moved` }))
  await tellStory(quiet, { service: 'inventory', name: 'POST /pallets', lines })
  await page.goto(`${quiet}/logs?q=pallet`)
  const table = page.getByRole('table', { name: 'Log lines' })
  await expect(table.getByText('pallet 1499 moved')).toBeVisible()

  await table.getByText('pallet 1499 moved').hover()
  await expect(async () => {
    await page.mouse.wheel(0, 20_000)
    await expect(table.getByText('pallet 0000 moved')).toBeVisible({ timeout: 200 })
  }).toPass()
})
