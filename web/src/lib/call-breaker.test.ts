import type { BreakerTransition } from '@groundtrack/collector/api'
import { expect, test } from 'vitest'
import { callBreaker, callBreakerWords } from './call-breaker'
import { aCall, after } from './session-view.test-kit'

const opened: BreakerTransition = {
  id: 'b1',
  caller: 'checkout-node',
  target: { node: 'payments-node' },
  from: 'closed',
  to: 'open',
  failures: 3,
  reason: 'ECONNREFUSED',
  time: after(50),
  span: 'check',
  n: 8,
}
const calls = [2, 5].map((n) => aCall(`c${n}`, 'check', { n, breaker: 'closed', breakerId: 'b1', status: 'error' }))
const [first, last] = calls

test('a call turned the breaker that opened after it and before the next one', () => {
  const told = (call = first) => call && callBreakerWords(callBreaker(call, calls, [opened]))
  expect(told(first)).toBe('closed')
  expect(told(last)).toBe('closed → open after this')
})

test('a call that was cut found it open; of one that says nothing nothing is known', () => {
  expect(callBreaker(aCall('c', 'check', { status: 'cut', breakerId: 'b1' }), [], [])).toEqual({
    state: 'open',
    id: 'b1',
    turned: undefined,
  })
  expect(callBreaker(aCall('c', 'check'), [], [opened])).toEqual({ state: 'unknown', id: undefined, turned: undefined })
})
