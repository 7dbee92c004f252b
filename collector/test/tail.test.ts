import { afterEach, beforeEach, expect, test } from 'vitest'
import { aNode, aSession, NOW_MS, openTestApp, TestHop, type TestApp, type TestNode } from './query.test-kit.js'
import { openTail, type TailClient } from './tail.test-kit.js'

let tested: TestApp
let cart: TestNode
const clients: TailClient[] = []

beforeEach(async () => {
  tested = await openTestApp()
  cart = aNode('cart')
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  await tested.close()
})

async function tail(query: string, lastEventId?: string): Promise<TailClient> {
  const client = await openTail(tested.app, query, lastEventId)
  clients.push(client)
  return client
}

/** One batch, so one flush, of these messages in a session of their own. */
function say(...messages: string[]): Promise<void> {
  const hop = new TestHop(aSession())
  return tested.send(
    cart,
    messages.map((message) => hop.line({ message })),
  )
}

const isLive = ({ event }: { event: string }) => event === 'live'

test('tells what is committed after it was opened, in the order of commit', async () => {
  await say('before')
  const client = await tail('')
  expect(await client.textsUntil(isLive)).toEqual([])

  await say('first', 'second')
  await say('third')

  expect(await client.texts(3)).toEqual(['first', 'second', 'third'])
})

test('tells history first: since an instant, or the newest so many', async () => {
  await say('old')
  tested.clock.nowMs = NOW_MS + 60_000
  await say('one', 'two')
  await say('three')

  expect(await (await tail('?since=30s')).textsUntil(isLive)).toEqual(['one', 'two', 'three'])
  expect(await (await tail('?last=2')).textsUntil(isLive)).toEqual(['two', 'three'])
  expect(await (await tail(`?since=${new Date(NOW_MS).toISOString()}`)).textsUntil(isLive)).toEqual(['old', 'one', 'two', 'three'])
})

test('tells a session from its beginning, and nothing else', async () => {
  const hop = new TestHop(aSession())
  await tested.send(cart, [hop.line({ message: 'mine' })])
  await say('somebody else’s')

  const client = await tail(`?session=${hop.session}`)
  const history = await client.textsUntil(isLive)
  await say('nor that')
  await tested.send(cart, [hop.line({ message: 'mine too' })])

  expect(history).toEqual(['mine'])
  expect(await client.texts(1)).toEqual(['mine too'])
})

test('a cursor of any message resumes right after it', async () => {
  const client = await tail('?q=-noise')
  await client.textsUntil(isLive)
  await say('a', 'b', 'noise', 'c')
  await say('d')
  const cursors: string[] = []
  for (let i = 0; i < 4; i++) {
    await client.next()
    cursors.push(client.cursor)
  }
  client.close()
  await say('e')

  const resumed = await Promise.all(cursors.map(async (cursor) => (await tail('?q=-noise', cursor)).textsUntil(isLive)))

  expect(resumed).toEqual([['b', 'c', 'd', 'e'], ['c', 'd', 'e'], ['d', 'e'], ['e']])
})

test('a cursor of history resumes in history, and goes on to what came since', async () => {
  await say('a', 'b')
  await say('c')
  const client = await tail('?since=1h')
  await client.next()
  const afterFirst = client.cursor
  client.close()
  await say('d')

  expect(await (await tail('', afterFirst)).textsUntil(isLive)).toEqual(['b', 'c', 'd'])
})

test('matches what only the session or the database can tell', async () => {
  const session = await tail('?q=' + encodeURIComponent('shop:order OR "shop:order":17'))
  const outcome = await tail('?q=outcome:failed')
  for (const client of [session, outcome]) await client.textsUntil(isLive)

  const hop = new TestHop(aSession())
  await tested.send(cart, [hop.open('POST /orders'), hop.line({ kind: 'set', key: 'shop:order', value: 17 })])
  await tested.send(cart, [hop.line({ message: 'übergabe' }), hop.close('error', 'no')])

  expect(await session.texts(1)).toEqual([''])
  expect(await outcome.textsUntil(({ data }) => (data as { message?: string }).message === 'übergabe')).toContain('übergabe')
})

test('refuses what it can’t read', async () => {
  await expect(tail('?since=yesterday')).rejects.toThrow('400')
  await expect(tail('?session=none')).rejects.toThrow('400')
  await expect(tail('?q=(')).rejects.toThrow('400')
  await expect(tail('', 'h1.abc..1-1-1')).rejects.toThrow('400')
})
