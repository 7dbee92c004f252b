import type { Locator, Page } from '@playwright/test'

/** Rows of the Sessions page, without the head. */
export function sessionRows(page: Page): Locator {
  return page
    .getByRole('table', { name: 'Sessions' })
    .getByRole('row')
    .filter({ has: page.getByRole('link') })
}

export async function search(page: Page, expression: string): Promise<void> {
  const field = page.getByRole('search').getByRole('textbox')
  await field.fill(expression)
  await field.press('Enter')
}
