import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Balancer } from './balancer.js'
import type { Node } from './node.js'

const cart = (n: number): Node => ({ id: `cart-${n}`, service: 'cart', version: '1.0', address: `http://10.0.0.${n}:8080` })
const carts = (count: number): Node[] => Array.from({ length: count }, (_, i) => cart(i + 1))

describe('in turn', () => {
  test('each node gets its equal share, whatever others are asked for meanwhile', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 20 }),
      fc.infiniteStream(fc.boolean()),
      (count, rounds, other) => {
        const balancer = new Balancer('round_robin')
        const nodes = carts(count)
        const picked = new Map<string, number>()
        for (let i = 0; i < count * rounds; i++) {
          if (other.next().value === true) balancer.pick(carts(5), 'mailer')
          const { id = '' } = balancer.pick(nodes, 'cart') ?? {}
          picked.set(id, (picked.get(id) ?? 0) + 1)
        }

        expect([...picked.values()]).toEqual(nodes.map(() => rounds))
      },
    )
    fc.assert(property)
  })

  test('there is nobody among none', () => {
    expect(new Balancer('round_robin').pick([], 'cart')).toBeUndefined()
    expect(new Balancer('least_pending').pick([], 'cart')).toBeUndefined()
  })
})

test('by pending calls, always one of those with the fewest is taken, and idle equals take turns', () => {
  const property = fc.property(fc.integer({ min: 1, max: 6 }), fc.array(fc.option(fc.nat(50)), { maxLength: 80 }), (count, course) => {
    const balancer = new Balancer('least_pending')
    const nodes = carts(count)
    const underWay: Node[] = []
    const pending = (node: Node): number => underWay.filter(({ id }) => id === node.id).length
    for (const ended of course) {
      if (ended === null) {
        const node = balancer.pick(nodes, 'cart')
        if (node === undefined) return expect.fail('nobody')
        expect(pending(node)).toBe(Math.min(...nodes.map(pending)))
        balancer.started(node)
        underWay.push(node)
      } else {
        const [node] = underWay.splice(ended, 1)
        if (node !== undefined) balancer.ended(node)
      }
      for (const node of nodes) expect(balancer.pending(node)).toBe(pending(node))
    }
  })
  fc.assert(property)
  const balancer = new Balancer('least_pending')
  expect(new Set(carts(3).map(() => balancer.pick(carts(3), 'cart')?.id)).size).toBe(3)
})
