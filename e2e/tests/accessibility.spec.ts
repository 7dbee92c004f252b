import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './support/fixtures.js'
import { listSessions } from './support/query.js'
import { cutOff } from './support/shop.js'
import { search, sessionRows } from './support/sessions-page.js'

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

interface View {
  name: string
  open: (page: Page, url: string) => Promise<void>
}

const VIEWS: View[] = [
  {
    name: 'Sessions',
    open: async (page, url) => {
      await page.goto(`${url}/sessions`)
      await expect(sessionRows(page).first()).toBeVisible()
    },
  },
  {
    name: 'a failed session with a selected line',
    open: async (page, url) => {
      await page.goto(`${url}/s/${await failedSession(url)}`)
      await expect(page.getByRole('heading', { level: 1 }).getByText(/^Failed/)).toBeVisible()
    },
  },
  {
    name: 'a session in space and time',
    open: async (page, url) => {
      await page.goto(`${url}/s/${await failedSession(url)}?tab=space-time`)
      await expect(page.getByRole('region', { name: 'Messages in space and time' }).getByRole('listitem').first()).toBeVisible()
    },
  },
  {
    name: 'the sums of a session',
    open: async (page, url) => {
      await page.goto(`${url}/s/${await failedSession(url)}?tab=summary`)
      await expect(page.getByRole('table', { name: 'Time by service' })).toBeVisible()
    },
  },
  {
    name: 'Nodes with an open breaker',
    open: async (page, url) => {
      const { checkout, payments } = await cutOff(url)
      await page.goto(`${url}/nodes`)
      await page.getByRole('search').getByRole('textbox').fill(checkout.service.replace('checkout', ''))
      await page.getByRole('button', { name: `${checkout.service}-1 to ${payments.service}-1: open` }).click()
      await expect(page.getByRole('list', { name: 'Calls that failed' })).toBeVisible()
      await expect(page.getByRole('article')).toHaveCount(2)
    },
  },
  {
    name: 'a node',
    open: async (page, url) => {
      const { checkout } = await cutOff(url)
      await page.goto(`${url}/nodes/${checkout.node}`)
      await expect(page.getByRole('region', { name: 'Its own breakers' }).getByRole('link').first()).toBeVisible()
      await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0)
    },
  },
  {
    name: 'a breaker',
    open: async (page, url) => {
      const { checkout } = await cutOff(url)
      await page.goto(`${url}/nodes/${checkout.node}`)
      await page.getByRole('link', { name: 'why and whom →' }).click()
      await expect(page.getByRole('list', { name: 'Calls that failed' })).toBeVisible()
    },
  },
  {
    name: 'Map',
    open: async (page, url) => {
      await page.goto(`${url}/map`)
      await page.getByRole('button', { name: 'Calls from storefront to cart' }).click()
      await expect(page.getByRole('region', { name: 'What is chosen' })).toBeVisible()
    },
  },
  {
    name: 'Deliveries',
    open: async (page, url) => {
      await page.goto(`${url}/settings/deliveries`)
      await expect(page.getByRole('table', { name: 'Deliveries by service' })).toBeVisible()
    },
  },
  {
    name: 'Logs',
    open: async (page, url) => {
      await page.goto(`${url}/logs`)
      await expect(page.getByRole('main').getByRole('row').nth(5)).toBeVisible()
    },
  },
  {
    name: 'a search without result',
    open: async (page, url) => {
      await page.goto(`${url}/sessions?q=zeppelin`)
      await expect(page.getByRole('heading', { name: 'No session matches' })).toBeVisible()
    },
  },
  {
    name: 'a search with a syntax error',
    open: async (page, url) => {
      await page.goto(`${url}/sessions`)
      await search(page, '(')
      await expect(page.getByRole('search').getByRole('alert')).toBeVisible()
    },
  },
  {
    name: 'the help',
    open: async (page, url) => {
      await page.goto(`${url}/sessions`)
      await page.getByRole('button', { name: 'Help and keys' }).click()
      await expect(page.getByRole('dialog', { name: 'Keys and search' })).toBeVisible()
    },
  },
  {
    name: 'a page that does not exist',
    open: async (page, url) => {
      await page.goto(`${url}/settings/nowhere`)
      await expect(page.getByRole('heading', { name: 'No such page' })).toBeVisible()
    },
  },
]

for (const theme of ['light', 'dark'] as const) {
  for (const { name, open } of VIEWS) {
    test(`${name} has no accessibility faults (${theme})`, async ({ page, busy }) => {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await open(page, busy)

      const { violations } = await new AxeBuilder({ page }).withTags(STANDARDS).analyze()

      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([])
    })
  }
}

/** The demo fails its first requests within seconds. */
async function failedSession(url: string): Promise<string> {
  let id = ''
  await expect.poll(async () => (id = (await listSessions(url, 'outcome:failed', 1))[0]?.id ?? ''), { timeout: 20_000 }).not.toBe('')
  return id
}
