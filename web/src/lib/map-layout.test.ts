import { expect, test } from 'vitest'
import { BOX, joinTopology, layoutMap, smoothPath, type Topology } from './map-layout'
import { aMap, anEdge } from './registry-view.test-kit'

const NOBODY: Topology = { services: [], edges: [] }
const SHOP = [anEdge('storefront', 'cart'), anEdge('storefront', 'checkout'), anEdge('checkout', 'payments'), anEdge('cart', 'inventory')]

test('gives the same places whatever is measured, and in whichever order it comes', () => {
  const before = joinTopology(NOBODY, [aMap(...SHOP)])
  const after = joinTopology(before, [aMap(...SHOP.toReversed().map((edge) => ({ ...edge, calls: 1, errorShare: 1 })))])

  expect(after).toEqual(before)
  expect(layoutMap(after)).toEqual(layoutMap(before))
})

test('keeps the place of a service that fell silent', () => {
  const whole = joinTopology(NOBODY, [aMap(...SHOP)])

  const later = joinTopology(whole, [aMap(anEdge('storefront', 'cart'))])

  expect([...layoutMap(later).services.keys()]).toEqual(['cart', 'checkout', 'inventory', 'payments', 'storefront'])
})

test('sets no box onto another, also where services call each other in circles and themselves', () => {
  const edges = [...SHOP, anEdge('payments', 'storefront'), anEdge('cart', 'cart'), anEdge('payments', 'http://bank')]

  const { services, edges: lines, width, height } = layoutMap(joinTopology(NOBODY, [aMap(...edges)]))

  const places = [...services.values()]
  const overlaps = places.flatMap((a, index) =>
    places.slice(index + 1).filter((b) => Math.abs(a.x - b.x) < BOX.width && Math.abs(a.y - b.y) < BOX.height),
  )
  expect(overlaps).toEqual([])
  expect(places.every(({ x, y }) => x > 0 && y > 0 && x < width && y < height)).toBe(true)
  expect([...lines.values()].every(({ points }) => points.length >= 2)).toBe(true)
})

test('draws a way through its points', () => {
  expect(smoothPath([{ x: 0, y: 0 }, { x: 10, y: 0 }])).toBe('M0,0L10,0') // prettier-ignore
  expect(smoothPath([{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 10, y: 10 }])).toBe('M0,0Q10,0 10,10') // prettier-ignore
  expect(smoothPath([])).toBe('')
})

test.each(['__proto__', 'constructor', 'toString', 'a\u0000b', ''])('a service may be named %j', (name) => {
  const { services, edges } = layoutMap(joinTopology(NOBODY, [aMap(anEdge('storefront', name), anEdge(name, name))]))

  expect([...services.keys()].toSorted()).toEqual([name, 'storefront'].toSorted())
  expect(edges.size).toBe(2)
  expect({}).not.toHaveProperty('width')
})
