import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NodeTable } from './node-table.js'
import { aRow, TTL_MS, World } from './node-table.test-kit.js'

const STEP_MS = 250

function aWorld(nodes: number, collectors = 1, stepMs = STEP_MS): World {
  const world = new World({ nodes, collectors, stepMs })
  world.advance(TTL_MS)
  return world
}

/** The first so many stop for good. */
function kill(world: World, count: number): void {
  for (const node of world.nodes.slice(0, count)) node.isAlive = false
}

describe('an outage of the collector', () => {
  test.each([0, 1, 200, 400, 700, 999])(
    'of three times to live, in which %i of 1,000 nodes die, expires none but these, in two, and flaps none',
    (dead) => {
      const world = aWorld(1_000, 1, 500)
      const [collector] = world.collectors
      if (!collector) throw new Error('no collector')
      world.stop(collector)
      kill(world, dead)
      world.advance(3 * TTL_MS)
      const before = world.turns.length
      world.start(collector)

      world.advance(2 * TTL_MS + 2 * 500)

      const turns = world.turns.slice(before)
      expect(world.turns.filter(({ isFlap }) => isFlap)).toEqual([])
      expect(turns.filter(({ id }) => id >= dead)).toEqual([])
      expect(world.nodes.filter((node) => world.stateOf(node) === 'gone')).toHaveLength(dead)
      expect([...collector.watched].toSorted((a, b) => a - b)).toEqual(world.nodes.slice(dead).map(({ id }) => id))
    },
  )

  test('who watches it all the while is told of the dead alone', () => {
    const world = aWorld(20, 2)
    kill(world, 2)

    world.advance(3 * TTL_MS)

    for (const { watched } of world.collectors) expect(watched.size).toBe(18)
    expect(world.turns.filter(({ state }) => state === 'gone')).toHaveLength(2)
  })
})

describe('too many at once', () => {
  const cutOff = (world: World, count: number, isConnected: boolean) => {
    for (const node of world.nodes.slice(0, count)) node.isConnected = isConnected
  }

  test('nobody expires while it may be the network, and nobody flapped when it is back', () => {
    const world = aWorld(100)
    const before = world.turns.length
    cutOff(world, 40, false)
    world.advance(1.4 * TTL_MS)
    const health = world.collectors[0]?.table.health(world.nowMs, false)
    cutOff(world, 40, true)
    world.advance(TTL_MS)

    expect(health?.state).toBe('degraded')
    expect(health?.held).toBeGreaterThan(30)
    expect(world.turns.slice(before)).toEqual([])
    expect(world.collectors[0]?.table.health(world.nowMs, false)).toEqual({ state: 'healthy', held: 0 })
  })

  test('they go after another time to live in which others are heard', () => {
    const world = aWorld(100)
    cutOff(world, 70, false)

    world.advance(2 * TTL_MS + 2 * STEP_MS)

    expect(world.nodes.filter((node) => world.stateOf(node) === 'gone')).toHaveLength(70)
    expect(world.collectors[0]?.table.health(world.nowMs, false).state).toBe('healthy')
  })

  test('where nobody is heard at all they stay, until it is twenty times their time to live', () => {
    const world = aWorld(10)
    cutOff(world, 10, false)
    world.advance(19 * TTL_MS)
    const held = world.nodes.map((node) => world.stateOf(node))
    world.advance(2 * TTL_MS)

    expect(new Set(held)).toEqual(new Set(['up']))
    expect(new Set(world.nodes.map((node) => world.stateOf(node)))).toEqual(new Set(['gone']))
  })

  test('three of a small system may die together', () => {
    const world = aWorld(4)
    kill(world, 3)

    world.advance(1.5 * TTL_MS)

    expect(world.nodes.map((node) => world.stateOf(node))).toEqual(['stale', 'stale', 'stale', 'up'])
  })
})

test('a rolling restart flaps nobody and expires nobody by silence', () => {
  const world = aWorld(30, 2)
  for (const [i, node] of world.nodes.slice(0, 10).entries()) {
    node.isAlive = false
    world.leave(node)
    world.nodes.push({ id: 100 + i, isAlive: true, isConnected: true, nextBeatMs: world.nowMs })
    world.advance(5_000)
  }
  world.advance(3 * TTL_MS)

  expect(world.turns.filter(({ state, isFlap }) => state === 'stale' || isFlap)).toEqual([])
  expect(world.collectors.map(({ watched }) => watched.size)).toEqual([30, 30])
})

test('time in which the collector did not listen is no silence', () => {
  const table = new NodeTable()
  table.merge([aRow(1)], 0)

  table.skip(100_000)

  expect(table.due(100_000 + TTL_MS)).toEqual([])
  expect(table.due(100_001 + TTL_MS)).toEqual([{ id: 1, revision: 1, state: 'stale' }])
})

test('an older version of a row changes nothing, and what a beat says anew is told', () => {
  const table = new NodeTable()
  table.merge([aRow(1, { revision: 5 })], 0)

  const older = table.merge([aRow(1, { revision: 4, state: 'gone' })], 0)
  const same = table.merge([aRow(1, { revision: 6 })], 0)
  const newer = table.merge([aRow(1, { revision: 7, version: '1.1' })], 0)

  expect([older, same]).toEqual([[], []])
  expect(newer).toMatchObject([{ type: 'active', node: { version: '1.1' } }])
})

describe('whatever happens', () => {
  type Step = { kind: 'advance' | 'die' | 'cut' | 'heal' | 'leave' | 'stop' | 'start' | 'join'; at: number }
  const step = fc.record({
    kind: fc.constantFrom<Step['kind']>('advance', 'advance', 'advance', 'die', 'cut', 'heal', 'leave', 'stop', 'start', 'join'),
    at: fc.nat(40),
  })

  const run = (world: World, { kind, at }: Step) => {
    const node = world.nodes[at % world.nodes.length]
    const collector = world.collectors[at % world.collectors.length]
    if (!node || !collector) return
    if (kind === 'advance') world.advance(at * 1_000)
    if (kind === 'die') node.isAlive = false
    if (kind === 'cut') node.isConnected = false
    if (kind === 'heal') node.isConnected = true
    if (kind === 'stop') world.stop(collector)
    if (kind === 'start' && !collector.isUp) world.start(collector)
    if (kind === 'join') world.nodes.push({ id: world.nodes.length, isAlive: true, isConnected: true, nextBeatMs: world.nowMs })
    if (kind === 'leave') {
      node.isAlive = false
      world.leave(node)
    }
  }

  test('silence is all that expires a node, watchers hold what is up, and the dead go at last', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 8 }), (steps, nodes) => {
        const world = new World({ nodes, collectors: 2, stepMs: 1_000 })
        for (const each of steps) {
          const before = world.turns.length
          run(world, each)
          for (const { atMs, id, state } of world.turns.slice(before)) {
            if (state === 'up' || each.kind === 'leave') continue
            const seenMs = (world.rows.get(id)?.seenMicros ?? 0) / 1_000
            expect(atMs - seenMs).toBeGreaterThan(state === 'stale' ? TTL_MS : 2 * TTL_MS - 1)
          }
          const up = [...world.rows.values()].filter(({ state }) => state === 'up').map(({ id }) => id)
          for (const { isUp, watched } of world.collectors)
            if (isUp) expect([...watched].toSorted((a, b) => a - b)).toEqual(up.toSorted((a, b) => a - b))
        }
        for (const collector of world.collectors) if (!collector.isUp) world.start(collector)
        world.advance(22 * TTL_MS)
        for (const node of world.nodes) {
          const isHeard = node.isAlive && node.isConnected
          expect(world.stateOf(node) ?? 'gone').toBe(isHeard ? 'up' : 'gone')
        }
      }),
      { numRuns: 150 },
    )
  })
})
