import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EventView, Page, SessionList } from '../src/api.js'
import { aCall, aTurn } from './breakers.test-kit.js'
import { aNode, aSession, NOW_MS, openTestApp, TestHop, type TestApp, type TestLine, type TestNode } from './query.test-kit.js'

interface StoredCase {
  id: string
  session: SessionCase | null
  node: TestNode
  line: TestLine
  span: string | null
}
interface SessionCase {
  id: string
  name: string
  outcome: string
  durationMs: number
  missing: number
  services: string[]
  properties: Record<string, unknown>
  /** To which breakers turned in it; open also where a call was cut. */
  breakers: Set<string>
  isOverBudget: boolean
}
type Holds = (event: StoredCase) => boolean
interface Search {
  text: string
  holds: Holds
}

let t: TestApp
const events: StoredCase[] = []
const sessions: SessionCase[] = []
const nodes = [aNode('cart'), aNode('checkout', 'demo'), aNode('cart', 'demo'), aNode('payments')]
const messages = [
  'item added',
  'ITEM removed',
  'connection refused',
  '100% done',
  'a_b',
  'it is "so" (ok) -x',
  'back\\slash',
  '',
  'déjà vu',
]
const levels = ['trace', 'debug', 'info', 'warn', 'error', 'critical']
const attributes: (Record<string, unknown> | undefined)[] = [
  undefined,
  { sku: 'A-17' },
  { sku: 'A-18', count: 3 },
  { count: 42 },
  { count: '42', ok: true },
  { 'myapp:user_id': 7 },
  { count: null, nested: { a: 1 } },
]

/** A breaker's turn, or a call that ended badly. */
type Trouble = (hop: TestHop, breakers: Set<string>) => TestLine[]
const turn =
  (to: string): Trouble =>
  (hop, breakers) => {
    breakers.add(to)
    return [aTurn(hop, { service: 'payments' }, 'closed', to)]
  }
const fails =
  (status: string): Trouble =>
  (hop, breakers) => {
    if (status === 'cut') breakers.add('open')
    const call = aCall(hop, { service: 'payments' })
    return [call.line, call.answer(status)]
  }
/** By the session's number. */
const TROUBLES: Record<number, Trouble[]> = {
  1: [turn('open')],
  4: [fails('cut')],
  5: [fails('timeout'), turn('half_open')],
  8: [turn('half_open'), turn('closed')],
  9: [fails('error')],
  11: [turn('open'), fails('cut'), turn('closed')],
}

/** How far the clock of each of the nodes is ahead. */
const AHEAD_MS = [0, 5_000, -3_000, 40]

/** 14 sessions of one to three hops, some of them on one node, and a few process events, each different in all that can be searched. */
beforeAll(async () => {
  t = await openTestApp()
  for (let s = 0; s < 14; s++) {
    const name = `GET /${s % 4}`
    const properties = s % 3 === 0 ? { 'myapp:user_id': s, plan: 'free' } : {}
    const hops = Array.from({ length: 1 + (s % 3) }, (_, h) => {
      const n = (s + (h === 2 && s % 2 === 0 ? 0 : h)) % 4
      const ms = NOW_MS - 600_000 + s * 1_000 + h * 25 + (AHEAD_MS[n] ?? 0)
      return { node: nodes[n] ?? aNode('mailer'), hop: new TestHop(aSession(), [], ms) }
    })
    const id = hops[0]?.hop.session ?? ''
    const lost = s % 5 === 2 ? 1 : 0
    const timesOf = new Map<TestNode, number[]>()
    const breakers = new Set<string>()
    let isOverBudget = false
    let found: StoredCase[] = []
    for (const [
      h,
      {
        node,
        hop: { span, ms },
      },
    ] of hops.entries()) {
      const hop = new TestHop(id, h === 0 ? [] : [h + 1], ms, span)
      const lines = [hop.open(h === 0 ? name : 'inner')]
      if (h === 0) lines[0] = { ...lines[0], properties }
      if (h === 0 && s % 2 === 0) lines[0] = { ...lines[0], remainingMs: 150 }
      for (let i = 0; i < 3; i++)
        lines.push(
          hop.line({
            message: messages[(s * 3 + h + i) % 9],
            level: levels[(s + h * 2 + i) % 6],
            category: ['', 'stock', 'bank'][(s + i) % 3],
            attributes: attributes[(s + h + i) % 7],
          }),
        )
      if (h === 0) for (const trouble of TROUBLES[s] ?? []) lines.push(...trouble(hop, breakers))
      hop.ms += (s % 4) * 100
      if (h > 0 || s % 7 !== 6) lines.push(hop.close(h === 0 && s % 4 === 3 ? 'error' : 'ok'))
      if (h === 0 && lost === 1) lines.splice(2, 1)
      const took = Number(lines.at(-1)?.['time']) - Number(lines[0]?.['time'])
      isOverBudget ||= lines.some((line) => line['status'] === 'timeout') || took > Number(lines[0]?.['remainingMs'] ?? Infinity)
      timesOf.set(node, [...(timesOf.get(node) ?? []), ...lines.map((line) => Number(line['time']))])
      await t.send(node, lines)
      found = [...found, ...lines.map((line) => ({ id: '', session: null, node, line, span }))]
    }
    const outcome = s % 7 === 6 ? 'unknown' : s % 4 === 3 ? 'failed' : 'ok'
    const session = {
      id,
      name,
      outcome,
      durationMs: Math.max(...[...timesOf.values()].map((times) => Math.max(...times) - Math.min(...times))),
      missing: lost,
      services: [...new Set(hops.map(({ node }) => node.service))],
      properties,
      breakers,
      isOverBudget,
    }
    sessions.push(session)
    events.push(...found.map((event) => ({ ...event, session })))
  }
  const lines = messages.map((message, i) => ({ time: NOW_MS - 500_000 + i, message, level: levels[i % 6], attributes: attributes[i % 7] }))
  await t.send(nodes[0] ?? aNode('cart'), lines)
  events.push(...lines.map((line) => ({ id: '', session: null, node: nodes[0] ?? aNode('cart'), line, span: null })))

  // The collector gives identities; the corpus takes them by what it holds of each event.
  const stored = (await t.get<Page<EventView>>('/api/v1/events?limit=1000')).items
  expect(stored).toHaveLength(events.length)
  const key = (session: string | undefined, span: string | null, n: unknown, time: unknown) =>
    `${session} ${span} ${String(n)} ${String(time)}`
  const ids = new Map(
    stored.map((item) => [
      key(item.flags.includes('process') ? undefined : item.session, item.span, item.clock?.at(-1), Date.parse(item.time)),
      item.id,
    ]),
  )
  for (const event of events)
    event.id =
      ids.get(key(event.session?.id, event.span, (event.line['clock'] as number[] | undefined)?.at(-1), event.line['time'])) ?? 'unknown'
})
afterAll(async () => {
  await t.close()
})

const quote = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`
const text = (event: StoredCase, field: string, absent = '') => {
  const value = event.line[field]
  return typeof value === 'string' ? value : absent
}
const levelOf = (event: StoredCase) => levels.indexOf(text(event, 'level', 'info'))
const compare: Record<string, (a: number, b: number) => boolean> = {
  '': (a, b) => a === b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
}
const operators = fc.constantFrom(...Object.keys(compare))
const holdsNumber = (operator: string, a: number, b: number) => compare[operator]?.(a, b) === true

/** Values of that name: the event's attribute and its session's property. */
function valuesOf(event: StoredCase, name: string): unknown[] {
  const own = event.line['attributes'] as Record<string, unknown> | undefined
  return [own, event.session?.properties].filter((record) => record && Object.hasOwn(record, name)).map((record) => record?.[name])
}
const asText = (value: unknown) => (typeof value === 'string' ? value : value === null ? null : JSON.stringify(value).replaceAll(':', ': '))

function matchText(field: string, read: (event: StoredCase) => string[]): fc.Arbitrary<Search> {
  const values = fc.constantFrom(
    'cart',
    'checkout',
    'payments',
    'demo',
    'sandbox',
    'stock',
    'bank',
    'GET /1',
    'GET /',
    'c',
    '',
    '%',
    'c_rt',
  )
  return fc.oneof(
    values.map((value) => ({ text: `${field}:${quote(value)}`, holds: (event: StoredCase) => read(event).includes(value) })),
    values
      .filter((value) => value !== '' && !value.includes(' '))
      .map((value) => ({ text: `${field}:${value}*`, holds: (event: StoredCase) => read(event).some((own) => own.startsWith(value)) })),
    fc.constant({ text: `${field}:*`, holds: (event: StoredCase) => read(event).some((own) => own !== '') }),
  )
}

function matchNumber(field: string, unit: string, values: number[], read: (session: SessionCase) => number): fc.Arbitrary<Search> {
  return fc.tuple(operators, fc.constantFrom(...values)).map(([operator, number]) => ({
    text: `${field}:${operator}${number}${unit}`,
    holds: ({ session }) => session !== null && holdsNumber(operator, read(session), number),
  }))
}

const attributeTerms: fc.Arbitrary<Search> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('sku', 'count', 'ok', 'plan', 'myapp:user_id', 'nested', 'none'),
      fc.constantFrom('A-17', '42', '3', '7', '0', 'true', 'free', '42.0'),
    )
    .map(([name, value]) => ({
      text: `${quote(name)}:${value}`,
      holds: (event: StoredCase) =>
        valuesOf(event, name).some((own) => asText(own) === value || (typeof own === 'number' && own === Number(value))),
    })),
  fc
    .tuple(
      fc.constantFrom('count', 'myapp:user_id', 'sku'),
      operators.filter((operator) => operator !== ''),
      fc.constantFrom(0, 3, 7, 41.5, 42),
    )
    .map(([name, operator, number]) => ({
      text: `${quote(name)}:${operator}${number}`,
      holds: (event: StoredCase) => valuesOf(event, name).some((own) => typeof own === 'number' && holdsNumber(operator, own, number)),
    })),
  fc
    .constantFrom('sku', 'count', 'plan')
    .map((name) => ({ text: `${name}:*`, holds: (event: StoredCase) => valuesOf(event, name).some((own) => (asText(own) ?? '') !== '') })),
)

const terms: fc.Arbitrary<Search> = fc.oneof(
  fc.constantFrom('item', 'REFUSED', '%', '_', 'a_', '"so"', '(ok)', 'back\\', 'déjà', 'nothing like it').map((words) => ({
    text: quote(words),
    holds: (event: StoredCase) => text(event, 'message').toLowerCase().includes(words.toLowerCase()),
  })),
  matchText('service', (event) => [event.node.service]),
  matchText('environment', (event) => [event.node.environment ?? '']),
  matchText('category', (event) => [text(event, 'category')]),
  matchText('name', ({ session }) => (session ? [session.name] : [])),
  matchText('services', ({ session }) => session?.services ?? []),
  fc.constantFrom(...nodes).map(({ id }) => ({ text: `node:${id}`, holds: (event: StoredCase) => event.node.id === id })),
  fc.tuple(operators, fc.constantFrom(...levels)).map(([operator, level]) => ({
    text: `level:${operator}${level}`,
    holds: (event: StoredCase) => holdsNumber(operator, levelOf(event), levels.indexOf(level)),
  })),
  fc
    .constantFrom('log', 'open', 'close', 'call')
    .map((kind) => ({ text: `kind:${kind}`, holds: (event: StoredCase) => (event.line['kind'] ?? 'log') === kind })),
  fc
    .constantFrom('ok', 'error', 'cut')
    .map((status) => ({ text: `status:${status}`, holds: (event: StoredCase) => event.line['status'] === status })),
  fc
    .constantFrom('ok', 'failed', 'unknown', 'died')
    .map((outcome) => ({ text: `outcome:${outcome}`, holds: ({ session }: StoredCase) => session?.outcome === outcome })),
  fc
    .nat(13)
    .map((s) => ({ text: `session:${sessions[s]?.id}`, holds: ({ session }: StoredCase) => session !== null && session === sessions[s] })),
  matchNumber('duration', 'ms', [0, 4, 54, 104, 254, 304.5], (session) => session.durationMs),
  matchNumber('missing', '', [0, 1], (session) => session.missing),
  matchNumber('services', '', [1, 2], (session) => session.services.length),
  fc
    .constantFrom('open', 'half_open', 'closed')
    .map((state) => ({ text: `breaker:${state}`, holds: ({ session }: StoredCase) => session?.breakers.has(state) === true })),
  fc.boolean().map((isOver) => ({
    text: `over_budget:${isOver}`,
    holds: ({ session }: StoredCase) => session !== null && session.isOverBudget === isOver,
  })),
  attributeTerms,
)

const searches: fc.Arbitrary<Search> = fc.letrec<{ any: Search }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    terms,
    fc
      .tuple(tie('any'), tie('any'), fc.constantFrom(' ', ' AND '))
      .map(([a, b, joint]) => ({ text: `(${a.text})${joint}(${b.text})`, holds: (event: StoredCase) => a.holds(event) && b.holds(event) })),
    fc
      .tuple(tie('any'), tie('any'))
      .map(([a, b]) => ({ text: `(${a.text} OR ${b.text})`, holds: (event: StoredCase) => a.holds(event) || b.holds(event) })),
    tie('any').map((a) => ({ text: `-(${a.text})`, holds: (event: StoredCase) => !a.holds(event) })),
  ),
})).any

test('SQL finds the events that plain evaluation finds', async () => {
  await fc.assert(
    fc.asyncProperty(searches, async (search) => {
      const found = await t.get<Page<EventView>>(`/api/v1/events?limit=1000&q=${encodeURIComponent(search.text)}`)
      expect(found.items.map((item) => item.id).toSorted()).toEqual(
        events
          .filter(search.holds)
          .map((event) => event.id)
          .toSorted(),
      )
    }),
    { numRuns: 150 },
  )
})

test('SQL finds the sessions of which one event satisfies the search', async () => {
  await fc.assert(
    fc.asyncProperty(searches, fc.constantFrom('start', 'duration', 'errors'), async (search, sort) => {
      const found = await t.get<SessionList>(`/api/v1/sessions?limit=200&from=-1h&sort=${sort}&q=${encodeURIComponent(search.text)}`)
      const expected = new Set(events.filter(search.holds).flatMap(({ session }) => (session ? [session.id] : [])))
      expect(found.items.map((item) => item.id).toSorted()).toEqual([...expected].toSorted())
    }),
    { numRuns: 200 },
  )
})

test('whatever is typed is answered or refused, and harms nothing', async () => {
  const pieces = fc.constantFrom(
    'a',
    'service:',
    'level:',
    ':',
    '"',
    '\\',
    '(',
    ')',
    '-',
    '*',
    '>',
    '=',
    ' ',
    ' OR ',
    '42',
    "'",
    ';',
    '--',
    '$1',
    '%',
    '_',
    "'; DROP TABLE project; --",
    '\u0000',
    '\uD800',
    '1e999',
    'duration:>',
    'session:',
  )
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
  )
  await fc.assert(
    fc.asyncProperty(texts, fc.constantFrom('sessions', 'events', 'events/histogram'), async (q, route) => {
      const url = `/api/v1/${route}?from=-1h&q=${encodeURIComponent(q.toWellFormed())}`
      const answer = await t.app.inject({ url, headers: { host: '127.0.0.1:43300' } })
      expect([200, 400]).toContain(answer.statusCode)
    }),
    { numRuns: 300 },
  )
  const { rows } = await t.db.owner.query(
    'select (select count(*)::int from project) as projects, (select count(*)::int from event) as events',
  )
  expect(rows).toEqual([{ projects: 1, events: events.length }])
})
