import type { Page } from '@playwright/test'
import { randomUUID } from 'node:crypto'
import { newSession, newSpan, postBatch } from './support/batch.js'
import { expect, test } from './support/fixtures.js'
import { manyPayloads, PAYLOADS } from './support/payloads.js'
import { tellStory } from './support/stories.js'

declare global {
  interface Window {
    __pwned?: unknown
  }
}

/** Each must be seen, not obeyed. */
const HIDDEN = [
  '\u0007',
  '\u0008',
  '\u001b[2J',
  '\u001b]8;;http://evil.example\u0007',
  '\u009b31m',
  '\u202e',
  '\u2066',
  '\u200b',
  '\r',
  '\ufeff',
]

test('log content is shown as text in every field and view', async ({ page, quiet }) => {
  const sessions = await Promise.all(PAYLOADS.map((payload) => tellEverywhere(quiet, payload)))

  for (const [index, session] of sessions.entries()) {
    await page.goto(`${quiet}/s/${session}`)
    await expect(page.getByRole('main')).toContainText(PAYLOADS[index] ?? '')
    await openAllDetails(page)
    expect(await page.evaluate(() => window.__pwned)).toBeUndefined()
  }
  for (const path of ['/sessions', '/logs', '/sessions?sort=errors']) {
    await page.goto(quiet + path)
    await expect(page.getByRole('main').getByRole('row').nth(5)).toBeVisible()
    expect(await page.evaluate(() => window.__pwned)).toBeUndefined()
  }
  await page.goto(`${quiet}/logs?q=level:critical`)
  for (const payload of PAYLOADS)
    await expect(page.getByRole('table', { name: 'Log lines' }).getByText(`said ${payload}`).first()).toBeAttached()
})

test('thousands of payloads are all shown as text in Logs', async ({ page, quiet }) => {
  test.setTimeout(180_000)
  const payloads = manyPayloads()
  expect(payloads.length).toBeGreaterThan(5_000)
  const mark = randomUUID()
  // A page so high that each turn of the wheel brings many rows and skips none.
  await page.setViewportSize({ width: 1440, height: 4_000 })
  for (let from = 0; from < payloads.length; from += 1_000) {
    const lines = payloads.slice(from, from + 1_000).map((payload, index) => ({
      message: `${mark} ${from + index} ${payload}`,
      category: payload,
      attributes: { [payload.slice(0, 100)]: payload },
    }))
    await tellStory(quiet, { name: payloads[from] ?? '', lines })
  }
  await page.goto(`${quiet}/logs?q="${mark}"`)
  const table = page.getByRole('table', { name: 'Log lines' })
  const last = table.getByText(`${mark} 0 `)
  await table.getByText(mark).first().hover()

  await expect(async () => {
    await page.mouse.wheel(0, 3_600)
    await expect(last).toBeVisible({ timeout: 50 })
  }).toPass({ intervals: [0], timeout: 150_000 })

  expect(await page.evaluate(() => window.__pwned)).toBeUndefined()
})

test('what is typed into the link is text too', async ({ page, quiet }) => {
  for (const payload of PAYLOADS) {
    await page.goto(`${quiet}/sessions?q=${encodeURIComponent(payload)}`)
    await expect(page.getByRole('search').getByRole('textbox')).toHaveValue(payload)
    expect(await page.evaluate(() => window.__pwned)).toBeUndefined()
  }
})

test('control and bidirectional characters are made visible', async ({ page, quiet }) => {
  const message = `before ${HIDDEN.join(' | ')} after`
  const { session } = await tellStory(quiet, { name: 'GET /hidden', lines: [{ message }] })

  for (const url of [`${quiet}/s/${session}`, `${quiet}/logs?q=before`]) {
    await page.goto(url)
    const row = page.getByRole('main').getByRole('row').filter({ hasText: 'after' })
    await expect(row).toBeVisible()
    const text = await row.innerText()
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2066-\u2069\ufeff]/)
    expect(text).toContain('U+202E')
  }
})

test('a line break in a message makes no second row', async ({ page, quiet }) => {
  const mark = randomUUID()
  await tellStory(quiet, { name: 'GET /forged', lines: [{ message: `real ${mark}\n12:00:00 error payments forged ${mark}` }] })

  await page.goto(`${quiet}/logs?q="${mark}"`)

  const rows = page.getByRole('table', { name: 'Log lines' }).getByRole('row')
  await expect(rows).toHaveCount(1)
  await expect(rows).toContainText('forged')
})

/** One failed session that carries the payload in every field of the protocol that holds text. */
async function tellEverywhere(url: string, payload: string): Promise<string> {
  const session = newSession()
  const span = newSpan()
  const at = (n: number): Record<string, unknown> => ({ session, span, clock: [n], time: Date.now() - 1_000 + n })
  await postBatch(url, {
    service: payload,
    node: { version: payload, environment: payload, address: payload, host: payload, runtime: payload, sdk: payload },
    events: [
      { ...at(1), kind: 'open', name: payload, properties: { [payload]: payload } },
      { ...at(2), kind: 'set', key: payload, value: payload },
      {
        ...at(3),
        level: 'critical',
        category: payload,
        message: `said ${payload}`,
        attributes: { [payload]: payload, nested: { [payload]: [payload] } },
      },
      { ...at(4), kind: 'call', call: newSpan(), name: payload, target: { service: payload, version: payload, address: payload } },
      { ...at(5), kind: 'call', call: 'ab'.repeat(8), name: payload, target: { service: payload, address: payload } },
      { ...at(6), kind: 'return', call: 'ab'.repeat(8), status: 'error', reason: payload },
      {
        ...at(7),
        kind: 'breaker',
        target: { service: payload, node: payload, address: payload },
        from: 'closed',
        to: 'open',
        failures: 3,
        reason: payload,
      },
      { ...at(8), kind: 'close', status: 'error', reason: payload },
    ],
  })
  return session
}

async function openAllDetails(page: Page): Promise<void> {
  await page.getByText('said').first().click()
}
