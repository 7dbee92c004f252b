import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EventView, SessionEvents } from '../src/api.js'
import { CAST, pureWorks, simulate, skews } from '../src/causality/simulation.test-kit.js'
import { aNode, aSession, openTestApp, type TestApp, type TestLine } from './query.test-kit.js'

let t: TestApp
beforeAll(async () => {
  t = await openTestApp()
})
afterAll(async () => {
  await t.close()
})

test('the order by call of a session without forks of one clock is that of its clocks as PostgreSQL compares them', async () => {
  const nodes = CAST.map((service) => aNode(service))
  await fc.assert(
    fc.asyncProperty(pureWorks, skews, fc.array(fc.nat(1_000), { minLength: 7, maxLength: 7 }), async (work, skew, shuffle) => {
      const session = aSession()
      const { events } = simulate(work, skew)
      const prefix = session.slice(-8)
      const toSpan = (id: string) => `${prefix}${id.slice(-8)}`
      const lines = events.map(({ span, number, path, timeMicros, node, kind, parent, call, callee }): [string, TestLine] => [
        node,
        {
          session,
          span: toSpan(span ?? ''),
          clock: [...(path ?? []), number],
          time: timeMicros / 1_000,
          ...(kind !== 'log' && { kind }),
          ...(kind === 'close' && { status: 'ok' }),
          ...(kind === 'return' && { status: 'ok' }),
          ...(parent !== undefined && { parent: parent.slice(-16) }),
          ...(call !== undefined && { call }),
          ...(callee && { callee: { span: toSpan(callee.span), last: callee.last } }),
        },
      ])
      const shuffled = lines.map((line, i) => ({ line, key: (shuffle[i % 7] ?? 0) * (i + 3) })).toSorted((a, b) => a.key - b.key)
      for (const [i, node] of nodes.entries()) {
        const own = shuffled.flatMap(({ line: [name, fields] }) => (name === CAST[i] ? [fields] : []))
        if (own.length > 0) await t.send(node, own)
      }
      const { items } = await t.get<SessionEvents>(`/api/v1/sessions/${session}/events?order=tree&limit=1000`)
      const { rows } = await t.db.read.query<{ clock: number[] }>(
        'SELECT clock FROM event WHERE session_id = $1::uuid AND project_id = 1 ORDER BY clock LIMIT 1000',
        [session],
      )
      expect((items as EventView[]).map(({ clock }) => clock)).toEqual(rows.map(({ clock }) => clock))
    }),
    { numRuns: 40 },
  )
})
