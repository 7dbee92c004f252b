import type { Page } from '@playwright/test'
import { expect, test } from './support/fixtures.js'
import { sessionRows } from './support/sessions-page.js'

test('follows the colours of the system, and keeps the reader’s own choice', async ({ page, busy }) => {
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.goto(`${busy}/sessions`)
  expect(await brightnessOfPage(page)).toBeLessThan(60)
  await page.emulateMedia({ colorScheme: 'light' })
  expect(await brightnessOfPage(page)).toBeGreaterThan(200)

  await page.getByRole('button', { name: /^Colours: as the system/ }).click()
  await page.getByRole('button', { name: /^Colours: light/ }).click()
  await expect(page.getByRole('button', { name: /^Colours: dark/ })).toBeVisible()
  expect(await brightnessOfPage(page)).toBeLessThan(60)

  await page.reload()
  await expect(page.getByRole('button', { name: /^Colours: dark/ })).toBeVisible()
  expect(await brightnessOfPage(page)).toBeLessThan(60)
})

test('fits a phone: lists, and nothing beside the edge', async ({ page, busy }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  for (const path of ['/sessions', '/logs']) {
    await page.goto(busy + path)
    await expect(page.getByRole('main').getByRole('row').nth(3)).toBeVisible()
    expect(await widthOfPage(page)).toBeLessThanOrEqual(390)
  }

  await page.goto(`${busy}/sessions`)
  await sessionRows(page).getByRole('link').first().click()
  await expect(page).toHaveURL(/\/s\/[0-9a-f]{32}/)
  await expect(page.getByRole('main').getByText('storefront').first()).toBeVisible()
  expect(await widthOfPage(page)).toBeLessThanOrEqual(390)
})

/** 0 black – 255 white. */
function brightnessOfPage(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d')
    if (!canvas) return Number.NaN
    canvas.fillStyle = getComputedStyle(document.body).backgroundColor
    canvas.fillRect(0, 0, 1, 1)
    const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data
    return (red + green + blue) / 3
  })
}

function widthOfPage(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth)
}
