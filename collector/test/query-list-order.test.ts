import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SessionList, SessionSummary } from '../src/api.js'
import { aNode, aSession, aSpan, openTestApp, NOW_MS, TestHop, type TestApp, type TestNode } from './query.test-kit.js'

let t: TestApp
beforeAll(async () => {
  t = await openTestApp()
})
afterAll(async () => {
  await t.close()
})

const storefront = aNode('storefront')
const checkout = aNode('checkout')
const payments = aNode('payments')

/** Items of all pages. */
async function listAll(query: string, limit = 200): Promise<SessionSummary[]> {
  const items: SessionSummary[] = []
  for (let cursor = ''; ;) {
    const page = await t.get<SessionList>(`/api/v1/sessions?${query}&limit=${limit}${cursor}`)
    items.push(...page.items)
    if (page.next === null) return items
    cursor = `&cursor=${page.next}`
  }
}

const idsOf = (items: readonly { id: string }[]) => items.map((item) => item.id)

/** A session that begins at `ms` on storefront's clock, and goes on in checkout, whose clock is off by `skewMs`. */
async function sendSkewed(ms: number, skewMs: number): Promise<string> {
  const root = new TestHop(aSession(), [], ms)
  const child = new TestHop(root.session, [2], ms + skewMs)
  const call = aSpan()
  await t.send(checkout, [child.open('POST /checkout', { parent: call, call }), child.close()])
  await t.send(storefront, [root.open('POST /buy'), root.line({ kind: 'call', call }), root.close()])
  return root.session
}

describe('with clocks that are 5 s off', () => {
  const base = NOW_MS - 10 * 60_000
  const ids: string[] = []
  beforeAll(async () => {
    for (const [i, skewMs] of [0, 5_000, -5_000, 0, -5_000, 5_000, 0, -5_000].entries()) {
      ids.unshift(await sendSkewed(base + i * 1_000, skewMs))
    }
  })

  test.each([1, 2, 3, 8])('the list goes by the start that it shows, %i a page', async (limit) => {
    const items = await listAll(`from=${base - 60_000}&to=${base + 60_000}`, limit)
    expect(idsOf(items)).toEqual(ids)
    const starts = items.map((item) => item.started)
    expect(starts).toEqual(starts.toSorted().toReversed())
  })

  // Its child began 5 s before, or after, what the range asks for.
  test('a session that started in one range is not one of the range before, whatever another clock said', async () => {
    const middle = base + 4_000
    const younger = await listAll(`from=${middle}&to=${base + 60_000}`, 3)
    const older = await listAll(`from=${base - 60_000}&to=${middle}`, 3)
    expect(idsOf(older)).toEqual(ids.slice(4))
    // The third of the older ones went on after `middle` by checkout's clock.
    const [inRange, before] = [younger.filter((item) => ids.indexOf(item.id) < 4), younger.filter((item) => ids.indexOf(item.id) >= 4)]
    expect(idsOf(inRange)).toEqual(ids.slice(0, 4))
    expect(idsOf(before)).toEqual([ids[6]])
    expect(younger).toEqual([...inRange, ...before])
  })

  test.each(['start', 'duration', 'errors'])('a range has the same sessions sorted by %s', async (sort) => {
    const items = await listAll(`from=${base - 60_000}&to=${base + 4_000}&sort=${sort}`, 3)
    expect(idsOf(items).toSorted()).toEqual(ids.slice(4).toSorted())
  })
})

test('a clock that is set back while a session runs moves the start that is listed and the one that is shown', async () => {
  const base = NOW_MS - 30 * 60_000
  const hop = new TestHop(aSession(), [], base + 5_000)
  const open = hop.open('GET /')
  hop.ms = base
  const close = hop.close()
  await t.send(storefront, [open])
  await t.send(storefront, [close])
  const other = new TestHop(aSession(), [], base + 2_000)
  await t.send(storefront, [other.open('GET /'), other.close()])
  const items = await listAll(`from=${base - 1_000}&to=${base + 60_000}`, 1)
  expect(items).toMatchObject([{ id: other.session }, { id: hop.session, started: '2026-01-15T11:30:00.001000Z', durationMs: 5_000 }])
})

test('of two hops that nobody of ours called, the one without a caller begins the session', async () => {
  const base = NOW_MS - 50 * 60_000
  const session = aSession()
  const [root, proxied] = [new TestHop(session, [], base + 3_000), new TestHop(session, [], base)]
  await t.send(payments, [proxied.open('POST /pay', { parent: aSpan() }), proxied.line(), proxied.close()])
  await t.send(storefront, [root.open('POST /buy'), root.close()])
  const other = new TestHop(aSession(), [], base + 1_000)
  await t.send(storefront, [other.open('GET /'), other.close()])
  const items = await listAll(`from=${base - 1_000}&to=${base + 60_000}`, 1)
  expect(idsOf(items)).toEqual([session, other.session])
  expect(items[0]?.started).toBe('2026-01-15T11:10:03.001000Z')
})

test('each of 150 sessions of any shape stands once, by the start that is shown', async () => {
  const base = NOW_MS - 5 * 3_600_000
  const next = seededNumbers(7)
  const clocks: [TestNode, number][] = [
    [storefront, 0],
    [checkout, -5_000],
    [payments, 700],
  ]
  const sent: string[] = []
  const lines = new Map<TestNode, Record<string, unknown>[][]>(clocks.map(([node]) => [node, [[], [], []]]))
  for (let i = 0; i < 150; i++) {
    const session = aSession()
    sent.push(session)
    // Some roots are never seen, some sessions have two; hops come in up to three flushes, in any order.
    for (const path of [[], [], [2], [2, 3]].slice(next(3))) {
      const [node, skewMs] = clocks[next(3)] ?? [storefront, 0]
      const hop = new TestHop(session, path, base + next(200) * 10 + skewMs)
      const own = [hop.open('GET /', next(2) === 0 ? { parent: aSpan() } : undefined), hop.line(), hop.close()]
      for (const line of own.slice(next(2))) lines.get(node)?.[next(3)]?.push(line)
    }
    if (next(4) === 0) lines.get(payments)?.[next(3)]?.push({ session, time: base + next(2_000), message: 'from a shell' })
  }
  for (const flush of [0, 1, 2]) for (const [node, flushes] of lines) await t.send(node, flushes[flush] ?? [])

  const whole = await listAll(`from=${base - 3_600_000}&to=${base + 3_600_000}`)
  expect(idsOf(whole).toSorted()).toEqual(sent.toSorted())
  const key = (item: SessionSummary) => `${item.started} ${item.id}`
  expect(whole.map(key)).toEqual(whole.map(key).toSorted().toReversed())
  expect(idsOf(await listAll(`from=${base - 3_600_000}&to=${base + 3_600_000}`, 7))).toEqual(idsOf(whole))
  // Few match, so that a page is looked for in window after window.
  const wide = whole.filter((item) => item.services.length > 2)
  expect(wide.length).toBeGreaterThan(5)
  expect(idsOf(await listAll(`from=${base - 3_600_000}&to=${base + 3_600_000}&q=services:>2`, 1))).toEqual(idsOf(wide))
  const to = base + 500
  const started = whole.filter((item) => Date.parse(item.started) < to)
  expect(idsOf(await listAll(`from=${base - 3_600_000}&to=${to}`, 7))).toEqual(idsOf(started))
})

/** Whole numbers below a bound, the same each time. */
function seededNumbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
