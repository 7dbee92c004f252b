import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { nodePlatform } from '../src/platform/node/platform.js'
import type { Hooks, Platform } from '../src/platform/platform.js'
import type { Fault } from './fault-server.js'
import { startRig, type Rig } from './rig.js'

let rig: Rig
beforeEach(async () => {
  rig = await startRig({}, { timesFaster: 100 })
})
afterEach(() => rig.stop())

/** Logs and waits until every event has its place. */
async function deliver(messages: readonly string[]): Promise<void> {
  for (const message of messages) rig.gt.info('test', message)
  expect(await rig.gt.flush(10_000_000)).toBe(true)
}

function storedMessages(): (string | undefined)[] {
  return rig.server.stored.map(({ message }) => message)
}

/** All numbers that the collector has an account of, one way or another. */
function numbersAtCollector(): number[] {
  const { stored, rejected, dropped } = rig.server
  const told = dropped.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => first + i))
  return [...stored.map(({ seq }) => seq), ...rejected, ...told].sort((a, b) => a - b)
}

describe('a batch that is not acknowledged is sent again, the same bytes, and stored once', () => {
  const unacknowledged: Fault[] = [
    'cut_before',
    'cut_after',
    'html',
    'redirect',
    'wrong_range',
    'truncated',
    'huge',
    'overloaded',
    'proxy_400',
    'unauthorized',
    'rate_limited',
  ]
  test.each(unacknowledged)('after %s', async (fault) => {
    rig.server.script.push(fault, fault)

    await deliver(['one', 'two'])

    expect(rig.server.requests).toBe(3)
    expect(storedMessages()).toEqual(['one', 'two'])
    for (const bodies of rig.server.bodies.values()) expect(new Set(bodies).size).toBe(1)
    expect(rig.gt.stats()).toMatchObject({ logged: 2, acknowledged: 2, dropped: 0, rejected: 0, waiting: 0 })
    expect(rig.server.problems).toEqual([])
  })

  test('nothing counts as delivered while the answers are wrong', async () => {
    rig.server.fault = 'html'
    rig.gt.info('test', 'kept')

    expect(await rig.gt.flush(300)).toBe(false)

    expect(rig.gt.stats()).toMatchObject({ logged: 1, acknowledged: 0, waiting: 1 })
  })
})

describe('what the collector says about a batch', () => {
  test('a wrong token is told once on stderr, and the events are kept', async () => {
    rig.server.script.push('unauthorized', 'unauthorized', 'unauthorized')

    await deliver(['kept'])

    expect(storedMessages()).toEqual(['kept'])
    expect(rig.warnings).toEqual([expect.stringContaining('GROUNDTRACK_TOKEN')])
  })

  test('a batch that is too large is split at its lines', async () => {
    rig.server.fault = 'too_large'
    const messages = Array.from({ length: 9 }, (_, i) => `m${i}`)

    await deliver(messages)

    expect(storedMessages()).toEqual(messages)
    expect(rig.server.headers).toHaveLength(9)
    expect(rig.server.problems).toEqual([])
  })

  test('a refused batch is given up, told as dropped, and the next one goes on', async () => {
    rig.server.script.push('malformed_header')
    await deliver(['one', 'two'])

    await deliver(['three'])

    expect(storedMessages()).toEqual(['three'])
    expect(rig.server.dropped).toEqual([{ first: 0, last: 1, reason: 'refused_malformed_header', count: 2 }])
    expect(rig.gt.stats()).toMatchObject({ logged: 3, acknowledged: 1, dropped: 2 })
  })

  test('a refused batch names the events of sessions that went with it, as many as one batch may list', async () => {
    rig.server.script.push('malformed_header')
    const sessions = Array.from({ length: 200 }, () => rig.gt.session())
    for (const session of sessions.slice(0, 100)) session.info('test', 'one')
    rig.gt.info('boot', 'of the process')
    await deliver([])

    const [{ hops = [], ...run } = expect.fail('nothing was dropped'), ...more] = rig.server.dropped
    expect(more).toEqual([])
    expect(run).toMatchObject({ first: 0, last: 300, reason: 'refused_malformed_header', count: 301 })
    expect(hops).toHaveLength(256)
    expect(hops.slice(0, 200)).toEqual(sessions.map(({ id, span }) => ({ session: id, span, from: 1, to: 1 })))
    expect(hops.slice(200)).toEqual(sessions.slice(0, 56).map(({ id, span }) => ({ session: id, span, from: 2, to: 2 })))
    expect(rig.server.problems).toEqual([])
  })

  test.each<Fault[]>([
    ['malformed_header', 'bad_sequence'],
    ['bad_sequence', 'bad_sequence', 'bad_sequence'],
    ['too_large', 'bad_sequence', 'bad_sequence', 'bad_sequence', 'bad_sequence'],
    ['malformed_header', 'always_too_large', 'cut_after', 'bad_sequence'],
    ['cut_before', 'malformed_header', 'cut_after', 'always_too_large', 'bad_sequence'],
  ])('every number is told in the end, though the notice is refused: %s %s %s %s %s', async (...faults) => {
    rig.server.script.push(...faults.filter((fault) => fault !== undefined))

    await deliver(['one', 'two', 'three', 'four'])
    await deliver(['five'])

    expect(numbersAtCollector()).toEqual([0, 1, 2, 3, 4])
    const dropped = rig.server.dropped.reduce((sum, { first, last }) => sum + last - first + 1, 0)
    expect(rig.gt.stats()).toMatchObject({ logged: 5, acknowledged: 5 - dropped, dropped, waiting: 0 })
    expect(dropped).toBeGreaterThan(0)
    expect(rig.server.problems).toEqual([])
  })

  test('a collector that refuses every notice is not asked for ever; what it does not know is counted here', async () => {
    rig.server.fault = 'bad_sequence'
    await deliver(['one', 'two'])
    const asked = rig.server.requests
    rig.server.fault = 'none'

    await deliver(['three'])

    expect(asked).toBeLessThan(20)
    expect(rig.server.requests).toBe(asked + 1)
    expect(rig.gt.stats()).toMatchObject({ logged: 3, acknowledged: 1, dropped: 2, waiting: 0 })
    expect(rig.warnings.at(-1)).toContain('0 to 1')
  })

  test.each<Fault>(['malformed_header', 'too_large'])(
    'what was stored before an answer was lost is not told as dropped, nor stored twice, by a later %s',
    async (fault) => {
      await deliver(['first'])
      rig.server.script.push('cut_after', fault)

      await deliver(['one', 'two'])

      expect(storedMessages()).toEqual(['first', 'one', 'two'])
      expect(rig.server.dropped).toEqual([])
      expect(rig.gt.stats()).toMatchObject({ logged: 3, acknowledged: 3, dropped: 0 })
    },
  )

  test('rejected events are counted', async () => {
    rig.server.script.push('reject_first')

    await deliver(['bad', 'good'])

    expect(storedMessages()).toEqual(['good'])
    expect(rig.gt.stats()).toMatchObject({ logged: 2, acknowledged: 1, rejected: 1 })
  })

  test('a copied process goes on under a producer of its own, and loses nothing', async () => {
    // Both write under the id that the other has: what a fork or a restored snapshot does.
    const fillRandom = (bytes: Uint8Array): void => void bytes.fill(7)
    const twin = await startRig({ url: rig.server.url }, { timesFaster: 100, platform: { fillRandom } })
    const other = await startRig({ url: rig.server.url }, { timesFaster: 100, platform: { fillRandom } })
    for (const { gt, text } of [
      { gt: twin.gt, text: 'twin' },
      { gt: other.gt, text: 'other' },
    ]) {
      for (let i = 0; i < 3; i++) gt.info('test', `${text} ${i}`)
      expect(await gt.flush(10_000_000)).toBe(true)
    }
    other.gt.info('test', 'other 3')
    expect(await other.gt.flush(10_000_000)).toBe(true)

    expect(new Set(storedMessages())).toEqual(new Set(['other 0', 'other 1', 'other 2', 'other 3', 'twin 0', 'twin 1', 'twin 2']))
    expect(storedMessages()).toHaveLength(7)
    const [first, second, third] = rig.server.headers
    expect(second?.producer).not.toBe(first?.producer)
    expect(third).toMatchObject({ producer: second?.producer, first: 3, last: 3 })
    await twin.stop()
    await other.stop()
  })

  test('a process that was copied in memory numbers anew', async () => {
    let processId = 1
    const copied = await startRig({ url: rig.server.url }, { platform: { processId: () => processId } })
    copied.gt.info('test', 'before')
    await copied.gt.flush()
    processId = 2
    copied.gt.info('test', 'after')
    await copied.gt.flush()

    expect(rig.server.headers.map(({ first, last }) => [first, last])).toEqual([
      [0, 0],
      [0, 0],
    ])
    expect(new Set(rig.server.headers.map(({ producer }) => producer)).size).toBe(2)
    await copied.stop()
  })
})

describe('a process that ends while a batch is being changed', () => {
  const ALL = new Set(['one', 'two', 'three', 'four'])

  /** Ends a process at the given moment of a course of faults, with four events on their way; answers what the collector then has. */
  async function endingAt(script: Fault[], reached: (requests: number, unpacking: number) => boolean, stuck = false): Promise<Rig> {
    const ends: Hooks[] = []
    let unpacking = 0
    const { gunzip } = nodePlatform()
    const platform: Partial<Platform> = {
      onExit: (hooks) => {
        ends.push(hooks)
        return () => {}
      },
      gunzip: (bytes) => {
        unpacking++
        return stuck ? new Promise(() => {}) : gunzip(bytes)
      },
    }
    const ending = await startRig({}, { timesFaster: 100, platform })
    ending.server.script.push(...script)
    for (const message of ALL) ending.gt.info('test', message)
    await vi.waitUntil(() => reached(ending.server.requests, unpacking), { timeout: 10_000, interval: 0 })
    for (const hooks of ends) hooks.lastWords()
    return ending
  }

  test('hands over both halves of one that was too large', async () => {
    const ending = await endingAt(['too_large', 'hang'], (requests) => requests === 2)

    await vi.waitFor(() => expect(new Set(ending.server.stored.map(({ message }) => message))).toEqual(ALL))
    expect(ending.server.stored).toHaveLength(ALL.size)
    expect(ending.server.problems).toEqual([])
    await ending.stop()
  })

  test('hands over all parts of a half that was too large again', async () => {
    const ending = await endingAt(['too_large', 'too_large', 'hang'], (requests) => requests === 3)

    await vi.waitFor(() => expect(new Set(ending.server.stored.map(({ message }) => message))).toEqual(ALL))
    expect(ending.server.stored).toHaveLength(ALL.size)
    await ending.stop()
  })

  test('splits it at once when there was no time yet', async () => {
    const ending = await endingAt(['too_large'], (_, unpacking) => unpacking === 1, true)

    await vi.waitFor(() => expect(ending.server.stored).toHaveLength(4))
    expect(ending.server.headers.map(({ first, last }) => [first, last])).toEqual([
      [0, 1],
      [2, 3],
    ])
    await ending.stop()
  })

  test('counts as dropped what was not sent when the SDK is stopped', async () => {
    rig.server.script.push('too_large', 'none')
    rig.server.fault = 'hang'
    for (const message of ['one', 'two', 'three', 'four']) rig.gt.info('test', message)
    await vi.waitFor(() => expect(rig.server.requests).toBe(3))

    await rig.gt.stop()

    expect(rig.gt.stats()).toMatchObject({ logged: 4, acknowledged: 2, dropped: 2, waiting: 0 })
  })
})

describe('a full buffer', () => {
  test('drops the least severe first, oldest first, and tells every number', async () => {
    const small = await startRig({ maxBufferBytes: 65_536, level: 'debug' })
    const session = small.gt.session({ name: 'GET /cart/:id' })
    for (let i = 0; i < 220; i++) {
      session.debug('test', `debug ${i}`)
      session.info('test', `info ${i}`)
      if (i % 100 === 0) session.error('test', `error ${i}`)
    }
    session.close()

    expect(await small.gt.flush()).toBe(true)

    const kept = small.server.stored.map(({ message }) => message)
    expect(kept).toEqual(expect.arrayContaining(['error 0', 'error 100', 'error 200', 'info 219']))
    expect(kept).not.toContain('debug 219')
    expect(kept).not.toContain('info 0')
    expect(small.server.problems).toEqual([])
    const { logged, acknowledged, dropped } = small.gt.stats()
    expect([logged, acknowledged + dropped]).toEqual([445, 445])
    const numbers = small.server.stored.map(({ clock = [] }) => clock.at(-1) ?? 0)
    for (const { hops = [] } of small.server.dropped) for (const { from, to } of hops) for (let n = from; n <= to; n++) numbers.push(n)
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 445 }, (_, i) => i + 1))
    await small.stop()
  })

  test('an outage holds no more memory than allowed, and afterwards every number is accounted for', async () => {
    const outage = await startRig({ maxBufferBytes: 1_000_000 }, { timesFaster: 100 })
    outage.server.fault = 'overloaded'
    for (let round = 0; round < 40; round++) {
      for (let i = 0; i < 500; i++) outage.gt.info('test', `event ${round}/${i} ${'支'.repeat(i % 50)}`)
      await outage.gt.flush(5)
    }
    const held = outage.gt.stats()
    outage.server.fault = 'none'
    expect(await outage.gt.flush(10_000_000)).toBe(true)

    expect(held.waiting).toBeLessThan(8_000)
    expect(held.dropped).toBeGreaterThan(10_000)
    expect(outage.gt.stats()).toMatchObject({ logged: 20_000, waiting: 0 })
    expect(outage.server.problems).toEqual([])
    await outage.stop()
  })
})

test('presence is told at once and taken back on stop', async () => {
  const { gt, server } = await startRig({ token: 'gt_server_x', address: 'http://10.0.0.3:8080' })
  await gt.stop()

  expect(server.calls.map(({ method, url }) => `${method} ${url}`)).toEqual([`PUT /v1/nodes/${gt.nodeId}`, `DELETE /v1/nodes/${gt.nodeId}`])
  const [put] = server.calls
  expect(put?.authorization).toBe('Bearer gt_server_x')
  expect(JSON.parse(put?.body ?? '')).toMatchObject({
    service: 'cart',
    version: '1.0',
    environment: 'sandbox',
    address: 'http://10.0.0.3:8080',
    ttlSeconds: 30,
  })
  await server.stop()
})

describe('any course of things', () => {
  const fault = fc.constantFrom<Fault>(
    'none',
    'none',
    'cut_before',
    'cut_after',
    'html',
    'redirect',
    'wrong_range',
    'truncated',
    'overloaded',
    'too_large',
    'malformed_header',
    'bad_sequence',
    'always_too_large',
    'reject_first',
    'unauthorized',
  )
  const step = fc.oneof(
    fc.record({ log: fc.integer({ min: 1, max: 700 }), level: fc.constantFrom('info', 'warn', 'error' as const) }),
    fc.record({ faults: fc.array(fault, { maxLength: 4 }) }),
    fc.record({ waitMs: fc.integer({ min: 0, max: 8 }) }),
  )

  test(
    'ends with every number stored, rejected or told as dropped, once, and all of them the SDK counted so',
    { timeout: 120_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
          const { server, gt, stop } = await startRig({ maxBufferBytes: 262_144 }, { timesFaster: 500 })
          const logged: string[] = []
          for (const action of steps) {
            if ('faults' in action) server.script.push(...action.faults)
            else if ('waitMs' in action) await gt.flush(action.waitMs)
            else {
              for (let i = 0; i < action.log; i++) {
                const message = `${logged.length}`
                logged.push(message)
                gt.log(action.level, 'test', message)
              }
            }
          }
          const settled = await gt.flush(10_000_000)
          const stats = gt.stats()
          await stop()

          const dropped = server.dropped.reduce((sum, { first, last }) => sum + last - first + 1, 0)
          const stored = server.stored.map(({ message }) => message)
          expect({ settled, problems: server.problems }).toEqual({ settled: true, problems: [] })
          expect(new Set(stored).size).toBe(stored.length)
          expect(stored.length + server.rejected.length + dropped).toBe(logged.length)
          expect(stats).toMatchObject({
            logged: logged.length,
            acknowledged: stored.length,
            rejected: server.rejected.length,
            dropped,
            waiting: 0,
          })
        }),
        { numRuns: 150 },
      )
    },
  )
})
