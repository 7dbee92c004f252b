import fc from 'fast-check'
import { expect, test } from 'vitest'
import { boundSkew } from './bound-skew'
import { after, aCall, aHop, aView } from './session-view.test-kit'

const oneCall = (aheadMs: number) =>
  aView({
    hops: [aHop('front', 'storefront'), aHop('cart', 'cart', { opened: after(20 + aheadMs), closed: after(80 + aheadMs) })],
    calls: [aCall('c1', 'front', { callees: ['cart'] })],
  })

test('leaves a clock alone that contradicts nothing', () => {
  expect(boundSkew(oneCall(-9)).get('cart-node')).toEqual({ offset: 0, error: 0 })
})

test('bounds a clock that is ahead or behind so that the truth lies within', () => {
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 100_000 }), fc.boolean(), (ms, isAhead) => {
      const truth = isAhead ? ms : -ms
      const skew = boundSkew(oneCall(truth)).get('cart-node')
      expect(Math.abs((skew?.offset ?? 0) - truth)).toBeLessThanOrEqual((skew?.error ?? 0) + 1e-6)
    }),
  )
})

test('carries a difference on to the processes behind', () => {
  const view = aView({
    hops: [
      aHop('front', 'storefront'),
      aHop('check', 'checkout', { opened: after(5_020), closed: after(5_080) }),
      aHop('cart', 'cart', { opened: after(5_040), closed: after(5_050) }),
    ],
    calls: [
      aCall('c1', 'front', { callees: ['check'] }),
      aCall('c2', 'check', { started: after(5_030), ended: after(5_060), callees: ['cart'] }),
    ],
  })
  const skews = boundSkew(view)
  expect(skews.get('cart-node')?.offset).toBe(skews.get('checkout-node')?.offset)
})

test('knows nothing of processes without calls', () => {
  expect(boundSkew(aView({})).size).toBe(0)
  expect(boundSkew(aView({ hops: [aHop('front', 'storefront'), aHop('other', 'mailer')] })).has('mailer-node')).toBe(false)
})
