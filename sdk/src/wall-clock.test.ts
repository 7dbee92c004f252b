import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WallClock } from './wall-clock.js'

const START = Date.parse('2026-01-15T12:00:00Z')

function clockAt(): { clock: WallClock; pass: (ms: number, stepMs?: number) => void } {
  let monotonic = 1_000.25
  let wall = START
  const clock = new WallClock({ wallMs: () => Math.floor(wall), monotonicMs: () => monotonic, originMs: START - monotonic })
  return {
    clock,
    pass(ms, stepMs = 0) {
      monotonic += ms
      wall += ms + stepMs
    },
  }
}

test('keeps the microseconds of the monotonic clock', () => {
  const { clock, pass } = clockAt()
  expect(clock.text()).toBe('1768478400000.000')
  pass(0.0015)
  expect(clock.text()).toMatch(/^1768478400000\.00[12]$/)
  pass(1_234.5)
  expect(clock.text()).toMatch(/^1768478401234\.50[12]$/)
})

test.each([3_600_000, -3_600_000, 4_000, -15])('follows a step of the wall clock by %s ms within 100 ms', (stepMs) => {
  const { clock, pass } = clockAt()
  clock.now()
  pass(100, stepMs)

  expect(Math.abs(clock.now() - (START + 100 + stepMs))).toBeLessThanOrEqual(1)
})

test('takes the cut milliseconds of the wall clock for no step', () => {
  const { clock, pass } = clockAt()
  for (let i = 0; i < 1_000; i++) {
    const before = clock.now()
    pass(100.7)
    expect(clock.now() - before).toBeCloseTo(100.7, 2)
  }
})

test('writes any time as JSON with three decimals', () => {
  const { clock } = clockAt()
  fc.assert(
    fc.property(fc.double({ min: 1e12, max: 4e12, noNaN: true }), (ms) => {
      const text = clock.text(ms)
      expect(text).toMatch(/^\d+\.\d{3}$/)
      expect(Math.abs(Number(text) - ms)).toBeLessThanOrEqual(0.001)
    }),
  )
})
