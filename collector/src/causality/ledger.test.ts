import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judgeGap, stateOfGap, type LedgerWindow, type SeqBounds } from './ledger.js'

const aWindow = (fields: Partial<LedgerWindow> = {}): LedgerWindow => ({
  nodeId: 1,
  from: 0,
  to: 99,
  holes: [],
  below: 'nothing',
  ...fields,
})
const open = { first: 20, last: 24, isOpen: true }
const old = { first: 60, last: 60, isOpen: false }

describe('a gap between two numbers of its producer', () => {
  test.each<[string, Omit<SeqBounds, 'nodeId'>, LedgerWindow[], string]>([
    ['with a hole among them may still come', { low: 10, high: 30 }, [aWindow({ holes: [open] })], 'open'],
    ['with an old hole among them never came', { low: 50, high: 70 }, [aWindow({ holes: [open, old] })], 'undelivered'],
    ['that were all delivered is none of theirs', { low: 30, high: 50 }, [aWindow({ holes: [open, old] })], 'delivered'],
    ['at whose edge a hole ends is none of its', { low: 25, high: 50 }, [aWindow({ holes: [open] })], 'delivered'],
    ['whose neighbour was not delivered can’t be told', { low: 22, high: 50 }, [aWindow({ holes: [open] })], 'unknown'],
    ['that nobody looked at can’t be told', { low: 10, high: 130 }, [aWindow()], 'unknown'],
    ['that run backwards can’t be told', { low: 30, high: 10 }, [aWindow()], 'unknown'],
    ['with nothing after it can’t be told', { low: 30, high: null }, [aWindow()], 'unknown'],
    ['with nothing before it is judged by all before', { low: null, high: 30 }, [aWindow({ holes: [open] })], 'open'],
    ['with nothing before it, of a producer of which all came', { low: null, high: 30 }, [aWindow()], 'delivered'],
    ['with nothing before it but what is settled', { low: null, high: 30 }, [aWindow({ from: 15, below: 'settled' })], 'undelivered'],
    ['with nothing before it but what nobody looked at', { low: null, high: 30 }, [aWindow({ from: 15, below: 'unknown' })], 'unknown'],
    ['of another node can’t be told', { low: 10, high: 30 }, [aWindow({ nodeId: 2 })], 'unknown'],
    ['that two producers gave out can’t be told', { low: 10, high: 30 }, [aWindow(), aWindow({ holes: [open] })], 'unknown'],
    ['that only one of two producers gave out is judged by it', { low: 10, high: 30 }, [aWindow({ from: 40 }), aWindow()], 'delivered'],
  ])('%s', (_, bounds, windows, verdict) => {
    expect(judgeGap({ nodeId: 1, ...bounds }, windows)).toBe(verdict)
  })
})

test.each([
  ['sending', 'open', 'expected'],
  ['settled', 'open', 'expected'],
  ['gone', 'open', 'died'],
  ['sending', 'undelivered', 'unexplained'],
  ['gone', 'undelivered', 'died'],
  ['gone', 'delivered', 'unexplained'],
  ['sending', 'delivered', 'unexplained'],
  ['sending', 'unknown', 'expected'],
  ['settled', 'unknown', 'unexplained'],
  ['gone', 'unknown', 'died'],
] as const)('of a producer that is %s and a ledger that says %s, a gap is %s', (producer, verdict, state) => {
  expect(stateOfGap(producer, verdict)).toBe(state)
})

test('what a process lost is told from what never was, whichever batches arrived', () => {
  const batch = fc.record({ length: fc.integer({ min: 1, max: 6 }), arrived: fc.boolean() })
  fc.assert(
    fc.property(fc.array(batch, { minLength: 1, maxLength: 12 }), fc.nat(80), fc.nat(80), (batches, a, b) => {
      let next = 0
      const ranges = batches.map(({ length, arrived }) => ({ first: next, last: (next += length) - 1, arrived }))
      const came = ranges.filter(({ arrived }) => arrived)
      fc.pre(came.length > 0)
      const to = came.at(-1)?.last ?? 0
      const holes = ranges.filter(({ arrived, last }) => !arrived && last < to).map(({ first, last }) => ({ first, last, isOpen: true }))
      const isDelivered = (seq: number) => came.some(({ first, last }) => first <= seq && seq <= last)
      const [low, high] = [Math.min(a, b), Math.max(a, b)]
      fc.pre(isDelivered(low) && isDelivered(high) && low < high)
      const between = Array.from({ length: high - low - 1 }, (_, i) => low + 1 + i)
      const isWhole = between.every(isDelivered)
      const window = aWindow({ to, holes, from: 0 })
      expect(judgeGap({ nodeId: 1, low, high }, [window])).toBe(isWhole ? 'delivered' : 'open')
    }),
    { numRuns: 500 },
  )
})
