import type { Locator, Page } from '@playwright/test'

/** Rows of the Sessions page, without the head. */
export function sessionRows(page: Page): Locator {
  return page
    .getByRole('table', { name: 'Sessions' })
    .getByRole('row')
    .filter({ has: page.getByRole('link') })
}

/** Those of them that ended this way: "ok", "failed", "running", "died". */
export function rowsWithOutcome(page: Page, outcome: string): Locator {
  return sessionRows(page).filter({ has: page.getByText(outcome, { exact: true }) })
}

export async function search(page: Page, expression: string): Promise<void> {
  const field = page.getByRole('search').getByRole('textbox')
  await field.fill(expression)
  await field.press('Enter')
}
