import type { Locator, Page } from '@playwright/test'

/** The lines of a session's page, as far as they are drawn. */
export function linesOf(page: Page): Locator {
  return page.getByRole('treegrid', { name: 'Lines of this session' }).getByRole('row')
}

export function lineWith(page: Page, text: string | RegExp): Locator {
  return linesOf(page).filter({ hasText: text })
}

/** The headings of its steps, in the order by call. */
export function stepsOf(page: Page): Locator {
  return linesOf(page).and(page.locator('[aria-expanded]'))
}
