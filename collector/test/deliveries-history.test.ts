import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mergeLedger } from '@groundtrack/db'
import type { Deliveries, DeliverySum } from '../src/api.js'
import { aBatch, anEvent, HOST, INSTANT_MS, NODE, startTestApp, type TestApp } from './ingest.test-kit.js'

let collector: TestApp

beforeAll(async () => {
  collector = await startTestApp()
})

afterAll(() => collector.close())

type Fate = 'stored' | 'rejected' | 'dropped'
interface Batch {
  fates: Fate[]
  /** How often it is sent; never: a hole, unless nothing later comes. */
  times: number
}

const history = fc.array(
  fc.record({
    fates: fc.array(fc.constantFrom<Fate>('stored', 'stored', 'stored', 'rejected', 'dropped'), { minLength: 1, maxLength: 6 }),
    times: fc.constantFrom(0, 1, 1, 1, 2),
  }),
  { minLength: 1, maxLength: 8 },
)

const NESTED = '['.repeat(40) + ']'.repeat(40)

function bodyOf({ fates }: Batch, first: number, producer: string, node: object): string {
  const numbered = fates.map((fate, i) => ({ fate, seq: first + i }))
  const dropped = numbered
    .filter(({ fate }) => fate === 'dropped')
    .map(({ seq }) => ({
      first: seq,
      last: seq,
      reason: 'buffer_full',
      hops: [{ session: anEvent()['session'], span: anEvent()['span'], from: 1, to: 1 }],
    }))
  const lines = numbered
    .filter(({ fate }) => fate !== 'dropped')
    .map(({ fate, seq }) => (fate === 'stored' ? { ...anEvent(), seq } : `{"seq":${seq},"attributes":${NESTED}}`))
  return aBatch(lines, { producer, epoch: 1, first, last: first + fates.length - 1, node, dropped })
}

/** What anybody can know: numbers up to the last that arrived. */
function expectedOf(batches: readonly Batch[]): DeliverySum {
  const known = batches.slice(0, batches.findLastIndex(({ times }) => times > 0) + 1)
  const sum: DeliverySum = { logged: 0, stored: 0, rejected: 0, dropped: 0, held: 0, unexplained: 0 }
  for (const { fates, times } of known) {
    sum.logged += fates.length
    if (times === 0) sum.held += fates.length
    else for (const fate of fates) sum[fate]++
  }
  return sum
}

test('whatever came, in whatever order and how often, each number known is counted once, before and after the ledger is merged', async () => {
  await fc.assert(
    fc.asyncProperty(history, fc.integer(), async (batches, seed) => {
      const producer = randomUUID()
      const node = { ...NODE, id: randomUUID(), service: producer }
      let first = 0
      const bodies = batches.flatMap((batch) => {
        const body = bodyOf(batch, first, producer, node)
        first += batch.fates.length
        return Array.from({ length: batch.times }, () => body)
      })
      fc.pre(bodies.length > 0)
      const shuffled = bodies.map((body, i) => ({ body, key: Math.imul(i + 1, seed | 1) })).toSorted((a, b) => a.key - b.key)
      for (const { body } of shuffled) expect((await collector.send({ body })).status).toBe(200)

      const read = async () => {
        const answer = await collector.app.inject({ url: '/api/v1/deliveries', headers: { host: HOST } })
        const found = answer.json<Deliveries>().services.find(({ service }) => service === producer)
        const { logged, stored, rejected, dropped, held, unexplained } = found?.producers[0] ?? {}
        return { logged, stored, rejected, dropped, held, unexplained }
      }
      expect(await read()).toEqual(expectedOf(batches))
      await mergeLedger(collector.db.owner, new Date(INSTANT_MS + 1))
      expect(await read()).toEqual(expectedOf(batches))
    }),
    { numRuns: 60 },
  )
})
