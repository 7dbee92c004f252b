import fc from 'fast-check'
import { expect, test } from 'vitest'
import { boundOf, bucketOf, percentileOf } from './duration-buckets.js'

const durations = fc.array(fc.double({ min: 0.1, max: 500_000, noNaN: true }), { minLength: 1, maxLength: 200 })

test('a duration lies in the bucket below whose bound it is', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 700_000, noNaN: true }), (ms) => {
      const bucket = bucketOf(ms)
      expect(ms).toBeLessThanOrEqual(boundOf(bucket) * (1 + 1e-9))
      if (bucket > 0) expect(ms).toBeGreaterThan(boundOf(bucket - 1) * (1 - 1e-9))
    }),
  )
})

test('a percentile is right to a fifth', () => {
  fc.assert(
    fc.property(durations, fc.constantFrom(0.5, 0.95), (values, share) => {
      const counts = new Map<number, number>()
      for (const ms of values) counts.set(bucketOf(ms), (counts.get(bucketOf(ms)) ?? 0) + 1)
      const sorted = values.toSorted((a, b) => a - b)
      const exact = sorted[Math.max(0, Math.ceil(values.length * share) - 1)] ?? 0
      const estimated = percentileOf(counts, share) ?? 0
      expect(estimated / exact).toBeGreaterThan(0.8)
      expect(estimated / exact).toBeLessThan(1.25)
    }),
  )
})

test('of nothing there is none, and whatever is longest has a bucket', () => {
  expect([percentileOf(new Map(), 0.5), bucketOf(Number.MAX_VALUE), bucketOf(0)]).toEqual([null, bucketOf(1e12), 0])
})
