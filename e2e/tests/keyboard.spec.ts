import { expect, test } from './support/fixtures.js'
import { rowsWithOutcome, sessionRows } from './support/sessions-page.js'

test('finds and reads a failed request without a mouse', async ({ page, busy }) => {
  await page.goto(`${busy}/sessions`)
  await expect(sessionRows(page).first()).toBeVisible()

  await page.keyboard.press('/')
  await expect(page.getByRole('search').getByRole('textbox')).toBeFocused()
  await page.keyboard.type('outcome:failed')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/q=outcome:failed/)
  await expect(rowsWithOutcome(page, 'ok')).toHaveCount(0)
  await page.keyboard.press('Escape')

  await page.keyboard.press('j')
  await expect(sessionRows(page).getByRole('link').first()).toBeFocused()
  await page.keyboard.press('j')
  await page.keyboard.press('k')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/s\/[0-9a-f]{32}/)
  await expect(page.getByRole('heading', { level: 1 }).getByText(/^Failed/)).toBeVisible()

  await expect(page.getByRole('button', { name: 'Next error' })).toBeVisible()
  await page.keyboard.press('e')
  await expect(page).toHaveURL(/[?&]e=[0-9a-f]{16}:\d+/)
  await page.keyboard.press('2')
  await expect(page).toHaveURL(/order=cause/)
  await page.keyboard.press('3')
  await expect(page).toHaveURL(/order=clock/)
  await page.keyboard.press('1')
  await expect(page).not.toHaveURL(/order=/)

  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keys and search' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)

  await page.keyboard.press('g')
  await page.keyboard.press('l')
  await expect(page).toHaveURL(/\/logs/)
  await page.keyboard.press('g')
  await page.keyboard.press('s')
  await expect(page).toHaveURL(/\/sessions/)
})

test('reaches the page behind the rail at once', async ({ page, busy }) => {
  await page.goto(`${busy}/sessions`)
  await expect(sessionRows(page).first()).toBeVisible()

  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to the page' })).toBeFocused()
  await page.keyboard.press('Enter')

  await expect(page.getByRole('main')).toBeFocused()
})
