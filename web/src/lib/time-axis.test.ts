import fc from 'fast-check'
import { expect, test } from 'vitest'
import { axisTicks, panWindow, placeOf, wholeWindow, zoomWindow } from './time-axis'

test('leaves room behind the last bar', () => {
  expect(placeOf(800, wholeWindow(800))).toBeCloseTo(1 / 1.15)
  expect(wholeWindow(0).to).toBeGreaterThan(0)
})

test('puts ticks at round moments', () => {
  expect(axisTicks({ from: 0, to: 920 }, 5)).toEqual([0, 200, 400, 600, 800])
  expect(axisTicks({ from: 0, to: 0.01 }, 5)).toEqual([0, 0.002, 0.004, 0.006, 0.008, 0.01])
  expect(axisTicks({ from: 410, to: 430 }, 5)).toEqual([410, 415, 420, 425, 430])
})

test('zooms around a moment that stays where it is, and never beyond the whole', () => {
  const whole = { from: 0, to: 1_000 }
  const narrow = zoomWindow(whole, whole, 250, 0.5)
  expect(narrow).toEqual({ from: 125, to: 625 })
  expect(placeOf(250, narrow)).toBeCloseTo(0.25)
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1_000, noNaN: true }), fc.double({ min: 0.1, max: 9, noNaN: true }), (around, factor) => {
      const next = zoomWindow(narrow, whole, around, factor)
      expect(next.from).toBeGreaterThanOrEqual(0)
      expect(next.to).toBeLessThanOrEqual(1_000.001)
      expect(next.to).toBeGreaterThan(next.from)
    }),
  )
})

test('moves a stretch of time, never beyond the whole', () => {
  const whole = { from: 0, to: 100 }
  expect(panWindow({ from: 20, to: 40 }, whole, 30)).toEqual({ from: 50, to: 70 })
  expect(panWindow({ from: 20, to: 40 }, whole, -90)).toEqual({ from: 0, to: 20 })
  expect(panWindow({ from: 20, to: 40 }, whole, 90)).toEqual({ from: 80, to: 100 })
})
