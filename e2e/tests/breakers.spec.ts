import { expect, test } from './support/fixtures.js'
import { cutOff } from './support/shop.js'

test('leads from an open breaker to the call that tripped it and the session that it hurt, and back', async ({ page, quiet }) => {
  const { checkout, payments, tripped, hurt } = await cutOff(quiet)

  await page.goto(`${quiet}/nodes?q=${checkout.service}`)
  const cell = page.getByRole('button', { name: `${checkout.service}-1 to ${payments.service}-1: open` })
  await expect(cell).toContainText('open')
  await cell.click()

  const story = page.getByRole('region', { name: 'The chosen breaker' })
  await expect(story).toContainText('3 failures')
  const calls = story.getByRole('list', { name: 'Calls that failed' }).getByRole('listitem')
  await expect(calls).toHaveCount(3)
  await expect(calls.first()).toContainText('POST /charge')
  await expect(calls.first()).toContainText('ECONNREFUSED')
  await expect(story).toContainText('1 session cut short while it was open, all of them ended well nevertheless')
  await expect(story.getByRole('list', { name: 'Sessions that were cut short' })).toContainText('POST /orders/next')

  await calls.last().getByRole('link', { name: 'session →' }).click()
  await expect(page).toHaveURL(new RegExp(`/s/${tripped}\\?e=[0-9a-f]{16}:\\d+`))
  await page.goBack()
  await expect(cell).toHaveAttribute('aria-pressed', 'true')
  await story.getByRole('list', { name: 'Sessions that were cut short' }).getByRole('link', { name: 'session →' }).click()
  await expect(page).toHaveURL(new RegExp(`/s/${hurt}\\?e=`))
})

test('tells all turns of a breaker on its page', async ({ page, quiet }) => {
  const { checkout, payments } = await cutOff(quiet)

  await page.goto(`${quiet}/nodes?q=${checkout.service}`)
  await page.getByRole('button', { name: `${checkout.service}-1 to ${payments.service}-1: open` }).click()
  await page.getByRole('link', { name: 'all its turns →' }).click()

  await expect(page).toHaveURL(/\/breakers\/[0-9a-f]{32}$/)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${checkout.service}-1 → ${payments.service}-1`)
  await expect(page.getByRole('img', { name: /: open for \d+ s/ })).toBeVisible()
  const turns = page.getByRole('region', { name: 'Turns' })
  await expect(turns).toContainText('ECONNREFUSED after 3 failures')
  await expect(turns.getByRole('list', { name: 'Calls that failed' }).getByRole('listitem')).toHaveCount(3)
  await page
    .getByRole('heading', { level: 1 })
    .getByRole('link', { name: `${payments.service}-1` })
    .click()
  await expect(page.getByRole('region', { name: 'Breakers of its callers' })).toContainText('open')
})

test('says that it does not know a breaker’s state once its caller is gone', async ({ page, quiet }) => {
  const { checkout, payments } = await cutOff(quiet)
  await page.goto(`${quiet}/nodes?q=${checkout.service}`)
  await expect(page.getByRole('button', { name: `${checkout.service}-1 to ${payments.service}-1: open` })).toBeVisible()

  await checkout.leave(quiet)

  const cell = page.getByRole('button', { name: `${checkout.service}-1 to ${payments.service}-1: unknown` })
  await expect(cell).toContainText('unknown')
  await expect(cell).toHaveAccessibleName(/as open/)
})
