import { expect, test } from 'vitest'
import { isOutdated } from './is-outdated'

test('holds what is shown for outdated once answers have failed for some seconds, not for one', () => {
  const asked = { error: new Error('the collector does not answer'), data: {}, dataUpdatedAt: 10_000 }

  expect(isOutdated({ ...asked, errorUpdatedAt: 11_000 })).toBe(false)
  expect(isOutdated({ ...asked, errorUpdatedAt: 13_000 })).toBe(true)
  expect(isOutdated({ ...asked, data: undefined, errorUpdatedAt: 13_000 })).toBe(false)
  expect(isOutdated({ ...asked, error: null, errorUpdatedAt: 0 })).toBe(false)
})
