import { rm } from 'node:fs/promises'
import { findFreePorts } from '../demo/free-ports.js'
import { postLine } from './support/batch.js'
import type { Locator } from '@playwright/test'
import { makeDataFolder, startCollector, type RunningCollector } from './support/collector.js'
import { startDemo } from './support/demo.js'
import { expect, test } from './support/fixtures.js'
import { listSessions } from './support/query.js'
import { rowsWithOutcome, sessionRows } from './support/sessions-page.js'
import { tellStory } from './support/stories.js'

const LISTED_WITHIN_MS = 5_000

// One story after the other, since each fills the collector a little more; none needs what the one before left.
test.describe.configure({ mode: 'default' })

let folder: string
let port: number
let collector: RunningCollector

test.beforeAll(async () => {
  folder = await makeDataFolder()
  ;[port = 0] = await findFreePorts(1)
  collector = await startCollector({ port, dataDir: folder })
})

test.afterAll(async () => {
  await collector.stop()
  await rm(folder, { recursive: true, force: true })
})

test('leads from the empty page to the first event', async ({ page }) => {
  await page.goto(collector.url)
  await expect(page.getByRole('heading', { name: 'Follow your first request' })).toBeVisible()
  await expect(page.getByText('Waiting for your first event')).toBeVisible()
  await expect(page.getByText(`curl -d`)).toContainText(`${collector.url}/v1/events`)

  await postLine(collector.url, { message: 'hello', service: 'shell' })

  await page.getByRole('link', { name: 'hello' }).click()
  await expect(page).toHaveURL(/\/logs/)
  await expect(page.getByRole('main').getByText('hello', { exact: true })).toBeVisible()
})

test('leads from the empty page to the first session', async ({ page }) => {
  await page.goto(`${collector.url}/sessions`)
  await expect(page.getByRole('heading', { name: 'Follow your first request' })).toBeVisible()

  const { session } = await tellStory(collector.url, { name: 'GET /first', lines: [{ message: 'welcome' }] })

  await page.getByRole('link', { name: 'GET /first' }).click()
  await expect(page).toHaveURL(`${collector.url}/s/${session}`)
})

test('sees at least 20 sessions five seconds after the demo starts, the failed ones standing out', async ({ page }) => {
  const demo = startDemo(collector.url)
  try {
    const timeout = demo.startedAt + LISTED_WITHIN_MS - performance.now()
    await expect
      .poll(async () => (await listSessions(collector.url, 'environment:demo')).length, { timeout, intervals: [100] })
      .toBeGreaterThanOrEqual(20)

    await page.goto(`${collector.url}/sessions`)
    await expect(sessionRows(page).nth(19)).toBeVisible()
    const failed = rowsWithOutcome(page, 'failed').first()
    const fine = rowsWithOutcome(page, 'ok').first()
    await expect(failed).toBeVisible()
    await expect(fine).toBeVisible()
    expect(await backgroundOf(failed)).not.toBe(await backgroundOf(fine))
  } finally {
    await demo.stop()
  }
})

test('keeps what it shows while the collector is away, says so, and goes on after a retry', async ({ page }) => {
  await tellStory(collector.url, { name: 'POST /orders', lines: [{ message: 'order placed' }] })
  await page.goto(`${collector.url}/sessions`)
  await expect(sessionRows(page).first()).toBeVisible()
  await collector.stop()

  await page.getByRole('search').getByRole('textbox').fill('order')
  await page.keyboard.press('Enter')
  // Each part of the page says that it failed; the list is the last of them.
  const failed = page.getByRole('alert').filter({ hasText: 'The collector does not answer' }).last()
  await expect(failed).toBeVisible()

  collector = await startCollector({ port, dataDir: folder })
  await failed.getByRole('button', { name: 'Retry' }).click()
  await expect(sessionRows(page).first()).toBeVisible()
})

function backgroundOf(row: Locator): Promise<string> {
  return row.evaluate((element) => {
    const { backgroundColor, backgroundImage } = getComputedStyle(element)
    return `${backgroundColor} ${backgroundImage}`
  })
}
