import { expect, test } from 'vitest'
import { lineName } from './event-link'
import { attributeWords, budgetWords, eventWords } from './event-words'
import { anEvent } from './session-view.test-kit'

test.each([
  [{ kind: 'open', name: 'GET /cart/:id' } as const, 'GET /cart/:id'],
  [{ kind: 'close', status: 'error', reason: 'HTTP 502' } as const, 'failed: HTTP 502'],
  [
    { kind: 'call', name: 'POST /charge', target: { service: 'payments', version: '1.1', node: 'p2' } } as const,
    'payments 1.1 · payments-2 · POST /charge',
  ],
  [{ kind: 'call', target: { address: 'http://10.0.0.7:8080' } } as const, '10.0.0.7:8080'],
  [{ kind: 'return', status: 'timeout', reason: 'after 600 ms' } as const, 'timed out: after 600 ms'],
  [{ kind: 'return', status: 'cut' } as const, 'not sent, the breaker is open'],
  [{ kind: 'set', key: 'myapp:user_id', value: 42 } as const, 'myapp:user_id = 42'],
  [
    { kind: 'breaker', target: { node: 'p2' }, to: 'open', failures: 3, reason: 'ECONNREFUSED' } as const,
    'breaker to payments-2 opened after 3 failures: ECONNREFUSED',
  ],
  [{ kind: 'log', message: 'item added' } as const, 'item added'],
])('puts %j into words', (fields, words) => {
  expect(eventWords(anEvent('front', 2, { message: '', ...fields }), (node) => (node === 'p2' ? 'payments-2' : undefined))).toBe(words)
})

test('writes attributes in one line', () => {
  expect(attributeWords({ sku: 'A-17', left: 2, item: { id: 1 } })).toBe('sku=A-17 left=2 item={"id":1}')
  expect(attributeWords(null)).toBe('')
})

test('says what is left of a deadline, or by how much it is over', () => {
  expect(budgetWords(197)).toBe('197 ms left')
  expect(budgetWords(-20)).toBe('20 ms over')
})

test('names a line by its step and number, else by its id', () => {
  expect(lineName(anEvent('00f067aa0ba902b7', 7, { clock: [3, 7] }))).toBe('00f067aa0ba902b7:7')
  expect(lineName(anEvent('x', 7, { span: null, clock: null, id: '3-1-0' }))).toBe('3-1-0')
  expect(lineName({ kind: 'missing', span: 'x', from: 3, to: 5, state: 'dropped' })).toBe('x:3')
})
