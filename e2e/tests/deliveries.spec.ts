import { randomUUID } from 'node:crypto'
import { expect, test } from './support/fixtures.js'
import { Play } from './support/play.js'

test('reads what became of every event of a service', async ({ page, quiet }) => {
  const service = `parcels-${randomUUID().slice(0, 8)}`
  const play = new Play()
  play.process(service).open('check a pallet').log('unit 1').drop(7).log('unit 9').close()
  await play.perform(quiet)

  await page.goto(quiet)
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('link', { name: 'Deliveries' }).click()

  await expect(page.getByRole('heading', { name: 'Deliveries' })).toBeVisible()
  const row = page.getByRole('table', { name: 'Deliveries by service' }).getByRole('row').filter({ hasText: service })
  const names = ['Logged', 'Stored', 'Rejected', 'Dropped', 'Still held', 'Unexplained']
  await expect(page.getByRole('columnheader')).toContainText(['Service', ...names])
  await expect(row.getByRole('cell').filter({ hasText: /^(\d+|–)$/ })).toHaveText(['11', '4', '–', '7', '–', '–'])
})
