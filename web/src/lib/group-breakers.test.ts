import type { BreakerView } from '@groundtrack/collector/api'
import { expect, test } from 'vitest'
import { groupBreakers } from './group-breakers'
import { after } from './session-view.test-kit'

function aBreaker(id: string, target: { id: string; name: string }, state: BreakerView['state'], sinceMs: number): BreakerView {
  const caller = { id: 'checkout-node', service: 'checkout', environment: 'sandbox', name: 'checkout-1' }
  return { id, caller, target, state, since: after(sinceMs), failures: 3, reason: 'ECONNREFUSED' }
}

test('tells breakers to processes that followed one another under one name as one, and leaves out closed ones', () => {
  const [old, now] = ['old', 'now'].map((id) => ({ id, name: 'cart-1' }))
  const mailer = { id: 'mail', name: 'mailer-1' }
  const payments = { id: 'pay', name: 'payments-1' }
  const groups = groupBreakers(
    [
      aBreaker('a', old ?? mailer, 'open', 0),
      aBreaker('b', mailer, 'closed', 0),
      aBreaker('c', now ?? mailer, 'open', 5),
      aBreaker('d', payments, 'open', 1),
      aBreaker('e', mailer, 'half_open', 9),
    ],
    new Set(['pay']),
  )
  expect(groups.map(({ newest, count }) => [newest.id, count])).toEqual([
    ['d', 1],
    ['c', 2],
    ['e', 1],
  ])
})
