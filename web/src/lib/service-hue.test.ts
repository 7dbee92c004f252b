import fc from 'fast-check'
import { expect, test } from 'vitest'
import { serviceHue } from './service-hue'

test('gives the six services of the demo six hues', () => {
  expect(['storefront', 'cart', 'checkout', 'payments', 'inventory', 'mailer'].map(serviceHue)).toEqual([0, 1, 2, 3, 4, 5])
})

test('gives any name one of six hues, always the same', () => {
  fc.assert(fc.property(fc.string(), (name) => serviceHue(name) === serviceHue(name) && [0, 1, 2, 3, 4, 5].includes(serviceHue(name))))
})
