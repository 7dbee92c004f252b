import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Discovery } from '../src/discovery/discovery.js'
import { readStaticNodes, type StaticNode } from '../src/discovery/static-nodes.js'
import { SimulatedRegistry, type Mood, type Registered } from './simulated-registry.js'
import { SimulatedTime } from './simulated-time.js'

/** The longest that news may take once the collector answers: a silence that is noticed, then the longest pause before the next try. */
const HEALED_MS = 45_000 + 60_000 + 2_000

const cart = (n: number, more: Partial<Registered> = {}): Registered => ({
  id: `cart-${n}`,
  service: 'cart',
  version: '1.0',
  environment: 'staging',
  address: `http://10.0.0.${n}:8080`,
  ...more,
})

function start({ nodes = [], random = () => 0.5 }: { nodes?: StaticNode[]; random?: () => number } = {}) {
  const time = new SimulatedTime()
  const registry = new SimulatedRegistry(time)
  const warnings: string[] = []
  const { schedule } = time
  const discovery = new Discovery({
    platform: { schedule, time: time.time, stream: registry.stream, warn: (text) => void warnings.push(text) },
    url: 'http://127.0.0.1:4318',
    headers: {},
    environment: { name: 'staging', fallback: 'shared' },
    staticNodes: readStaticNodes(nodes),
    enabled: true,
    random,
  })
  const found = (service = 'cart', version = '1.0'): (string | undefined)[] => discovery.find(service, version).map(({ id }) => id)
  return { time, registry, discovery, found, warnings }
}

describe('discovery', () => {
  test('asks the collector from the first question on, not before', () => {
    const { time, registry, found } = start()
    registry.put(cart(1))
    time.pass(60_000)
    expect(registry.attempts).toBe(0)

    expect(found()).toEqual([])
    time.pass(1)

    expect(found()).toEqual(['cart-1'])
    expect([registry.attempts, registry.open]).toEqual([1, 1])
  })

  test('follows who comes and goes', () => {
    const { time, registry, found } = start()
    found()
    time.pass(1)
    registry.put(cart(1))
    registry.put(cart(2))
    registry.remove('cart-1')

    expect(found()).toEqual(['cart-2'])
  })

  test('goes on with its last word while the collector is away, and hears what happened meanwhile when it is back', () => {
    const { time, registry, found } = start()
    registry.put(cart(1))
    found()
    time.pass(1)
    registry.mood = 'down'
    registry.remove('cart-1')
    registry.put(cart(2))
    for (let second = 0; second < 600; second++) {
      time.pass(1_000)
      expect(found()).toEqual(['cart-1'])
    }
    expect(registry.attempts).toBeLessThan(60)

    registry.mood = 'up'
    time.pass(HEALED_MS)

    expect(found()).toEqual(['cart-2'])
  })

  test('takes 45 s without a byte for a dead connection, but not a quiet one with pings', () => {
    const { time, registry, found } = start()
    found()
    time.pass(600_000)
    expect(registry.attempts).toBe(1)
    registry.mood = 'silent'
    time.pass(15_000)
    expect(registry.attempts).toBe(1)

    time.pass(45_000)

    expect(registry.attempts).toBe(2)
    expect(registry.open).toBe(1)
  })

  test('tells once that the token is refused, and tries again each minute', () => {
    const { time, registry, found, warnings } = start()
    registry.mood = 401
    found()
    time.pass(10 * 60_000)

    expect(warnings).toEqual([expect.stringContaining('GROUNDTRACK_TOKEN')])
    expect(registry.attempts).toBe(10)
  })

  test('waits for a first node, no longer than it may', async () => {
    const { time, registry, discovery } = start()
    const soon = discovery.wait('cart', '1.0', 5_000)
    const never = discovery.wait('mailer', '1.0', 5_000)
    time.pass(1_000)
    registry.put(cart(1))
    time.pass(4_000)

    expect((await soon).map(({ id }) => id)).toEqual(['cart-1'])
    expect(await never).toEqual([])
  })

  test('tries at once for a question, after a pause that had grown long', async () => {
    const { time, registry, discovery, found } = start()
    registry.mood = 'down'
    found()
    time.pass(300_000)
    registry.mood = 'up'
    registry.put(cart(1))

    const wait = discovery.wait('cart', '1.0', 5_000)
    time.pass(5)

    expect((await wait).map(({ id }) => id)).toEqual(['cart-1'])
  })

  test('needs no collector for static nodes', () => {
    const { registry, discovery } = start({
      nodes: [
        { service: 'cart', version: '1.1', address: 'http://10.0.0.3' },
        { service: 'cart', address: 'http://10.0.0.4' },
      ],
    })

    expect(discovery.find('cart', '1.0').map(({ address }) => address)).toEqual(['http://10.0.0.3', 'http://10.0.0.4'])
    expect(discovery.find('cart', '2.0').map(({ address }) => address)).toEqual(['http://10.0.0.4'])
    expect(discovery.hasHost('10.0.0.4')).toBe(true)
    expect(registry.attempts).toBe(0)
  })

  test('leaves nothing behind when it is stopped, and still knows what it knew', async () => {
    const { time, registry, discovery, found } = start()
    registry.put(cart(1))
    found()
    time.pass(1)
    const waiting = discovery.wait('mailer', '1.0', 5_000)

    discovery.stop()

    expect(await waiting).toEqual([])
    time.pass(20_000)
    expect([registry.open, time.waiting]).toEqual([0, 0])
    expect(found()).toEqual(['cart-1'])
    time.pass(60_000)
    expect([registry.open, registry.attempts]).toEqual([0, 1])
  })
})

test('whatever befalls the collector, there is one stream at most, and once it answers the table is its own', () => {
  const step = fc.oneof(
    fc.record({ put: fc.integer({ min: 1, max: 4 }), version: fc.constantFrom('1.0', '1.1', '2.0') }),
    fc.record({ remove: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ pass: fc.constantFrom(1, 900, 16_000, 50_000) }),
    fc.record({ mood: fc.constantFrom<Mood>('up', 'down', 'silent', 401, 503) }),
    fc.constant({ cut: true }),
  )
  const randoms = fc.infiniteStream(fc.double({ min: 0.01, max: 0.999, noNaN: true }))
  const property = fc.property(fc.array(step, { maxLength: 40 }), randoms, (steps, numbers) => {
    const { time, registry, found } = start({ random: () => numbers.next().value ?? 0.5 })
    found()
    for (const action of steps) {
      if ('put' in action) registry.put(cart(action.put, { version: action.version }))
      else if ('remove' in action) registry.remove(`cart-${action.remove}`)
      else if ('pass' in action) time.pass(action.pass)
      else if ('mood' in action) registry.mood = action.mood
      else registry.cut()
      expect(registry.open).toBeLessThanOrEqual(1)
    }
    registry.mood = 'up'
    time.pass(HEALED_MS)

    const known = [...registry.nodes.values()].filter(({ version }) => version !== '2.0').map(({ id }) => id)
    expect(new Set(found())).toEqual(new Set(known))
  })
  fc.assert(property, { numRuns: 300 })
})
