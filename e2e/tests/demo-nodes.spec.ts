import { expect, test } from './support/fixtures.js'
import { get, listSessions, searchMessages } from './support/query.js'
import { lineWith } from './support/session-page.js'
import { sessionRows } from './support/sessions-page.js'

interface Board {
  items: { id: string; name: string; service: string; state: string; restarts: number; flaps: number; replaced?: string }[]
}

// The demo tells its stories of nodes and breakers in rounds of two minutes: each comes within one.
const ROUND_MS = 125_000
const WITHIN = { timeout: ROUND_MS }

test.describe.configure({ timeout: ROUND_MS + 100_000 })

test('sees a node cut off, reads the call that tripped its breaker, and sees it taken back', async ({ page, busy }) => {
  await page.goto(`${busy}/nodes`)
  const open = page.getByRole('button', { name: /^checkout-1 to payments-1: open for .*, [3-9] failures/ })
  await expect(open).toBeVisible(WITHIN)
  await open.click()

  const story = page.getByRole('region', { name: 'The chosen breaker' })
  const calls = story.getByRole('list', { name: 'Calls that failed' }).getByRole('listitem')
  await expect(calls.last()).toContainText('POST /charges')
  await expect(calls.last()).toContainText('ECONNRESET')
  await calls.last().getByRole('link', { name: 'session →' }).click()
  await expect(page).toHaveURL(/\/s\/[0-9a-f]{32}\?e=/)
  const line = page.getByRole('treegrid', { name: 'Lines of this session' }).getByRole('row', { selected: true })
  await expect(line).toBeInViewport({ ratio: 0.9 })
  await expect(line).toContainText(/bank line \S+: read ECONNRESET/)

  await page.goBack()
  await story.getByRole('link', { name: 'all its turns →' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('checkout-1 → payments-1')
  await expect(page.getByRole('region', { name: 'Turns' }).getByRole('listitem').first()).toContainText('the retest succeeded', {
    timeout: 60_000,
  })
  await expect(page.getByRole('main')).toContainText(/closed\s*since/)
})

test('sees a killed node fall silent on the board, and reads what became of it', async ({ page, busy }) => {
  await page.goto(`${busy}/nodes`)
  const card = page.getByRole('article').filter({ has: page.getByRole('link', { name: 'cart-1', exact: true }) })
  await expect(card).toContainText(/stale for|gone for/, WITHIN)
  await expect(page.getByRole('article').filter({ has: page.getByRole('link', { name: 'cart-2', exact: true }) })).toContainText(
    /up for|up \d/,
  )

  await card.getByRole('link').click()

  const changes = page.getByRole('region', { name: 'What became of it' })
  await expect(changes).toContainText('fell silent: stale')
  await expect(changes).toContainText('stayed silent: gone', { timeout: 60_000 })
  await expect(page.getByRole('region', { name: 'Breakers of its callers' })).toContainText('ECONNREFUSED')
})

test('says of a session that it was cut short, and leads to the breaker that did it', async ({ page, busy }) => {
  const cut = 'breaker:open outcome:failed name:"POST /checkout" "cut off by an open breaker"'
  await expect.poll(async () => (await listSessions(busy, cut)).length, WITHIN).toBeGreaterThan(0)

  await page.goto(`${busy}/sessions?q=${encodeURIComponent(cut)}`)
  await sessionRows(page).first().getByRole('link').click()

  await expect(page.getByRole('heading', { level: 1 })).toContainText(/payments 1\.1 was not called/)
  const cutCall = lineWith(page, 'POST /charges')
  await expect(cutCall).toContainText('cut short by an open breaker')
  await cutCall.click()
  await page.getByRole('region', { name: 'Selected line' }).getByRole('link', { name: 'its history' }).click()

  await expect(page).toHaveURL(/\/breakers\/[0-9a-f]{32}/)
  await expect(page.getByRole('region', { name: 'Whom it hurt' })).toContainText('POST /checkout')
})

test('sees on the map that payments is cut off, and finds the sessions of its callers', async ({ page, busy }) => {
  await page.goto(`${busy}/map`)
  const calls = page.getByRole('region', { name: 'Map of services' }).getByRole('button', { name: /^checkout to payments:/ })
  await expect(calls).toHaveAccessibleName(/[12] breakers? open/, WITHIN)

  await calls.click()
  await page.getByRole('region', { name: 'What is chosen' }).getByRole('link', { name: 'Failed ones →' }).click()

  await expect(page).toHaveURL(/\/sessions\?q=services:checkout\+services:payments\+outcome:failed/)
  await expect(sessionRows(page).filter({ hasText: 'POST /checkout' }).first()).toContainText('failed')
})

test('finds sessions by what a breaker did in them, and by a budget that was overrun', async ({ page, busy }) => {
  for (const [q, name] of [
    ['breaker:open name:"pack a parcel"', 'pack a parcel'],
    ['over_budget:true name:"POST /cart/items"', 'POST /cart/items'],
  ] as const) {
    await expect.poll(async () => (await listSessions(busy, q)).length, WITHIN).toBeGreaterThan(0)
    await page.goto(`${busy}/sessions?q=${encodeURIComponent(q)}`)
    await expect(sessionRows(page).first()).toContainText(name)
  }
})

test('restarts both payments nodes one by one, and nobody is the worse for it', async ({ page, busy }) => {
  const payments = async (): Promise<Board['items']> =>
    (await get<Board>(busy, '/api/v1/nodes?environment=demo&service=payments')).items.filter(({ state }) => state === 'up')
  await expect.poll(async () => (await payments()).map(({ restarts }) => Math.min(restarts, 1)), WITHIN).toEqual([1, 1])

  const { items } = await get<Board>(busy, '/api/v1/nodes?environment=demo')
  expect(items.filter(({ flaps }) => flaps > 0)).toEqual([])
  expect(await searchMessages(busy, 'could not charge')).not.toContainEqual(expect.stringMatching(/ECONNREFUSED|socket|terminated/))
  const { id, replaced = '' } = (await payments())[0] ?? { id: '' }
  await page.goto(`${busy}/nodes/${id}`)
  await expect(page.getByRole('region', { name: 'What became of it' })).toContainText(/restarted\s*, in place of/)
  await page
    .getByRole('link', { name: replaced.slice(-12) })
    .first()
    .click()
  await expect(page.getByRole('region', { name: 'What became of it' })).toContainText('left in order')
})
