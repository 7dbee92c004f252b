import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Session } from '../src/session.js'
import { startRig } from './rig.js'

const throwing: object = new Proxy(
  {},
  {
    get() {
      throw new Error('get')
    },
    ownKeys() {
      throw new Error('ownKeys')
    },
    getPrototypeOf() {
      throw new Error('getPrototypeOf')
    },
    has() {
      throw new Error('has')
    },
  },
)
const known: unknown[] = [throwing, Symbol('s'), () => throwing, 10n, Number.NaN, -1, null, undefined, new Headers(), new Map()]
known.push(
  {
    toString: () => {
      throw new Error('toString')
    },
  },
  { headers: throwing },
  { socket: throwing, headers: { traceparent: throwing } },
  { to: throwing, target: throwing, name: throwing },
)
const hostile = fc.oneof(
  fc.anything().map((value) => () => value),
  fc.nat(known.length - 1).map((index) => () => known[index]),
)

/** Every public method that takes something, but for `run` and `fetch`, which throw what the host's own code throws. */
const METHODS = [
  'info',
  'error',
  'set',
  'get',
  'setDeadline',
  'verbose',
  'inject',
  'startCall',
  'start',
  'route',
  'fail',
  'failWith',
  'finish',
  'owns',
  'close',
] as const

/** Waits for a promise, however it ends. */
const rejection = async (promise: unknown): Promise<void> => {
  expect(promise).toBeInstanceOf(Promise)
  await (promise as Promise<unknown>).catch(() => undefined)
}

test('no method throws, whatever it is given, and every event is delivered', { timeout: 60_000 }, async () => {
  const nodes = [{ service: 'cart', address: 'http://127.0.0.1:1' }]
  const { gt, server, stop } = await startRig({ nodes, resolveWithinMs: 0, breaker: false }, { timesFaster: 100 })
  // Apart: a hundred services that beat a hundred times faster leave no room for anything else.
  const offering = await startRig()
  const call = (target: object, method: string, args: readonly unknown[]): unknown => {
    const { [method]: named } = target as Record<string, (...args: readonly unknown[]) => unknown>
    return Reflect.apply(named ?? expect.fail(method), target, args)
  }
  await fc.assert(
    fc.asyncProperty(fc.tuple(hostile, hostile, hostile), async (made) => {
      const args = made.map((make) => make())
      const sessions = [call(gt, 'session', args), call(gt, 'join', args), call(gt, 'derive', args)] as Session[]
      call(gt, 'log', args)
      call(gt, 'info', args)
      call(gt, 'setDefaultDeadline', args)
      call(offering.gt, 'register', args)
      for (const session of sessions) {
        for (const method of METHODS) call(session, method, args)
        const sent = session.startCall()
        call(sent, 'answer', args)
        call(sent, 'finish', args)
        expect(session.url).toContain(session.id)
      }
      const [session = expect.fail('no session')] = sessions
      // The methods may have set one of years, for which it would wait.
      session.setDeadline(50)
      await rejection(call(session, 'resolve', args))
      await rejection(call(session, 'call', args))
      await rejection(call(session, 'call', ['cart', '1.0', ...args]))
      const node = await gt.session({ deadlineMs: 60_000 }).resolve('cart', '1.0')
      for (const method of ['answer', 'failure', 'success']) call(node, method, args)
      expect(await gt.flush(10_000_000)).toBe(true)
    }),
    { numRuns: 250 },
  )
  gt.setDefaultDeadline(undefined)

  expect(server.problems).toEqual([])
  expect(gt.stats()).toMatchObject({ dropped: 0, rejected: 0, acknowledged: server.stored.length })
  const ends = new Map<string, number[]>()
  for (const { span, clock = [] } of server.stored) if (span !== undefined) ends.set(span, [...(ends.get(span) ?? []), clock.at(-1) ?? 0])
  // Batches may overtake each other.
  for (const numbers of ends.values())
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: numbers.length }, (_, i) => i + 1))
  await Promise.all([stop(), offering.stop()])
})
