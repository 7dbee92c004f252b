import { readFile } from 'node:fs/promises'
import { expect, test } from './support/fixtures.js'
import { Play } from './support/play.js'
import { lineWith } from './support/session-page.js'
import { tellStory } from './support/stories.js'

const CRATES = Array.from({ length: 412 }, (_, index) => ({
  message: `crate ${index} unloaded`,
  ...(index % 200 === 7 && { level: 'error' }),
}))

test('goes from a session to the one derived from it, and back', async ({ page, quiet }) => {
  const order = new Play()
  const step = order.process('checkout').open('POST /orders')
  const sent = step.call('POST /parcels', { oneway: true })
  step.close()
  const parcel = new Play()
  parcel
    .process('inventory')
    .open('pack a parcel', undefined, { derived: { session: order.session, clock: sent.path } })
    .log('packed')
    .close()
  await order.perform(quiet)
  await parcel.perform(quiet)

  await page.goto(`${quiet}/s/${order.session}`)
  await page.getByTitle(parcel.session).and(page.getByRole('link')).click()
  await expect(page).toHaveURL(`${quiet}/s/${parcel.session}`)
  await expect(lineWith(page, 'packed')).toBeVisible()

  await expect(page.getByText('derived from')).toBeVisible()
  await page.getByTitle(order.session).and(page.getByRole('link')).click()
  await expect(page).toHaveURL(`${quiet}/s/${order.session}`)
  await expect(lineWith(page, 'POST /orders')).toBeVisible()
})

test('downloads all lines, as many as the head says', async ({ page, quiet }) => {
  const { session } = await tellStory(quiet, { name: 'POST /crates', lines: CRATES })
  await page.goto(`${quiet}/s/${session}`)
  await expect(page.getByRole('main')).toContainText(`received ${CRATES.length + 2} ·`)

  await page.getByRole('button', { name: 'Export' }).click()
  const begun = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'All lines as NDJSON' }).click()
  const download = await begun

  expect(download.suggestedFilename()).toBe(`session-${session}.ndjson`)
  const rows = (await readFile(await download.path(), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string; message: string })
  expect(rows).toHaveLength(CRATES.length + 2)
  expect(rows[8]?.message).toBe('crate 7 unloaded')
})

test('collapses a service, says how much that hides, and keeps it in the link', async ({ page, quiet }) => {
  const { session } = await tellStory(quiet, { service: 'inventory', name: 'POST /crates', lines: CRATES })
  await page.goto(`${quiet}/s/${session}`)
  await expect(lineWith(page, 'crate 8 unloaded')).toBeVisible()

  await page.getByRole('button', { name: 'Collapse all steps of inventory' }).click()

  await expect(lineWith(page, 'unloaded')).toHaveCount(0)
  await expect(lineWith(page, 'POST /crates')).toContainText(/41\d hidden, 3 errors/)
  await page.reload()
  await expect(lineWith(page, 'POST /crates')).toContainText('hidden')
})

test('goes from match to match, and leaves out the rest', async ({ page, quiet }) => {
  const { session } = await tellStory(quiet, { name: 'POST /crates', lines: CRATES })
  await page.goto(`${quiet}/s/${session}`)

  await page.getByRole('textbox', { name: 'Find in this session' }).fill('level:error')
  await page.keyboard.press('Enter')
  const selected = page.getByRole('row', { selected: true })
  await expect(page.getByText('1 of 3 matches')).toBeVisible()
  await page.getByRole('button', { name: 'Next match' }).click()
  await expect(selected).toContainText('crate 207 unloaded')
  await expect(selected).toBeInViewport()
  await page.getByRole('button', { name: 'Previous match' }).click()
  await expect(selected).toContainText('crate 7 unloaded')

  await page.getByRole('checkbox', { name: 'only matches' }).check()
  await expect(lineWith(page, 'unloaded')).toHaveCount(3)
})

test('shows the messages in space and time, and where the time went', async ({ page, quiet }) => {
  const play = new Play()
  const root = play.process('storefront').open('GET /')
  const asked = root.call('GET /carts/ada')
  const cart = play.process('cart').open('GET /carts/:customer', asked)
  cart.log('ada has 2 lines').close()
  root.answered(asked, cart).close()
  await play.perform(quiet)
  await page.goto(`${quiet}/s/${play.session}`)

  await page.getByRole('tab', { name: 'Space-time' }).click()
  const picture = page.getByRole('region', { name: 'Messages in space and time' })
  await expect(picture.getByRole('list', { name: 'Processes' }).getByRole('listitem')).toContainText(['storefront', 'cart'])
  await expect(picture.getByText(/^GET \/carts\/ada: /)).toBeAttached()
  await expect(picture.getByText(/^answer to GET \/carts\/ada: /)).toBeAttached()

  await page.getByRole('tab', { name: 'Summary' }).click()
  const sums = page.getByRole('table', { name: 'Time by service' })
  await expect(sums.getByRole('row', { name: /^cart/ })).toContainText(/20 ms/)
  await page
    .getByRole('table', { name: 'Slowest calls' })
    .getByRole('button', { name: /storefront → cart/ })
    .click()
  await expect(page.getByRole('region', { name: 'Selected line' })).toContainText('GET /carts/ada')
})

test('filters by a value that is clicked, and with Alt leaves out its lines', async ({ page, quiet }) => {
  const lines = ['A-17', 'A-18', 'A-17'].map((sku, index) => ({ message: `crate ${index} unloaded`, attributes: { sku, count: index } }))
  const { session } = await tellStory(quiet, { name: 'POST /crates', lines })
  await page.goto(`${quiet}/s/${session}`)

  await lineWith(page, 'crate 0').click()
  await page.getByRole('button', { name: 'Only lines with sku A-17' }).click()
  await expect(lineWith(page, 'unloaded')).toHaveCount(2)
  await expect(page.getByRole('textbox', { name: 'Find in this session' })).toHaveValue('sku:A-17')
  await expect(lineWith(page, 'crate 0')).toHaveAttribute('aria-selected', 'true')

  await page.getByRole('button', { name: 'Only lines with sku A-17' }).press('Alt+Enter')
  await expect(lineWith(page, 'crate 1')).toBeVisible()
  await expect(lineWith(page, 'crate 2')).toHaveCount(0)
})

test('asks for a session once, and before its own code is there', async ({ page, quiet }) => {
  const { session } = await tellStory(quiet, { name: 'POST /crates', lines: CRATES })
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await page.goto(`${quiet}/s/${session}`)
  await expect(lineWith(page, 'crate 8 unloaded')).toBeVisible()

  const [head, rows] = [`/api/v1/sessions/${session}`, `/api/v1/sessions/${session}/events`]
  expect(asked.filter((path) => path === head || path === rows).toSorted()).toEqual([head, rows])
  expect(asked.findIndex((path) => path.startsWith('/assets/session-page'))).toBeGreaterThan(0)
})

test('is lists only on a phone, and never wider than the screen', async ({ page, quiet }) => {
  const play = new Play()
  const root = play.process('storefront').open('GET /')
  const asked = root.call('GET /carts/ada')
  root.answered(asked, play.process('cart').open('GET /carts/:customer', asked).close()).close()
  await play.perform(quiet)
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`${quiet}/s/${play.session}`)

  for (const [tab, words] of Object.entries({ List: '→', 'Space-time': 'storefront → cart', Summary: 'storefront → cart' })) {
    await page.getByRole('tab', { name: tab }).click()
    const panel = page.getByRole('tabpanel', { name: tab })
    await expect(panel).toContainText(words)
    expect(
      await panel.evaluate((element) => [...element.querySelectorAll('*')].some((each) => each.getBoundingClientRect().right > innerWidth)),
    ).toBe(false)
  }
  await page.getByRole('tab', { name: 'Space-time' }).click()
  await expect(page.getByRole('region', { name: 'Messages in space and time' }).getByRole('listitem')).toContainText('answered after')
})
