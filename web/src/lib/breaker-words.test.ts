import { expect, test } from 'vitest'
import { formatAge, formatShortAge } from './age'
import { describeBreaker, retestWords, worstOf } from './breaker-words'
import { aBreaker, before, NOON } from './registry-view.test-kit'

test('says how a breaker stands, since when, and when it is tried again', () => {
  const open = aBreaker('checkout-1', 'payments-2', 'open', { failures: 3, retestAt: before(-22) })

  expect(describeBreaker(open, NOON)).toBe('checkout-1 to payments-2: open for 1 min 32 s, 3 failures, retest in 22 s')
  expect(retestWords(open, NOON + 30_000)).toBe('retest with the next call')
  expect(retestWords({ ...open, state: 'closed' }, NOON)).toBeUndefined()
})

test('says of an unknown breaker what was last heard of it', () => {
  const unknown = aBreaker('checkout-1', 'mailer-1', 'unknown', { lastState: 'half_open' })

  expect(describeBreaker(unknown, NOON)).toBe('checkout-1 to mailer-1: unknown, last heard of 1 min 32 s ago as half-open')
})

test('holds unknown for worse than closed', () => {
  expect(worstOf(['closed', 'unknown', 'closed'])).toBe('unknown')
  expect(worstOf(['half_open', 'unknown', 'open'])).toBe('open')
  expect(worstOf([])).toBeUndefined()
})

test('counts ages in whole seconds, never below none', () => {
  expect([-5_000, 999, 1_999, 92_500].map(formatAge)).toEqual(['0 s', '0 s', '1 s', '1 min 32 s'])
  expect([92_000, 380_000, 11_520_000, 400_000_000].map(formatShortAge)).toEqual(['1 min 32 s', '6 min', '3 h', '4 d'])
})
