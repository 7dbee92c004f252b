import { expect, test } from 'vitest'
import { classifyError, errorCode } from './errors.js'

function withCode(code: string): Error {
  return Object.assign(new Error('failed'), { code })
}

test.each([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  '08006',
  '57P01',
  '57P03',
  '53100',
  '53300',
  '40P01',
  '55P03',
  '57014',
  '25006',
  '25P03',
  '58030',
])('%s may pass by itself', (code) => {
  expect(classifyError(withCode(code))).toBe('unavailable')
})

test.each(['22P05', '22021', '23505', '54000'])('%s is the fault of the data', (code) => {
  expect(classifyError(withCode(code))).toBe('refused')
})

test.each(['42601', '42P01', '42501', '28P01', '3D000', 'ERR_INVALID_ARG_TYPE'])('%s is a defect of ours or of the set-up', (code) => {
  expect(classifyError(withCode(code))).toBe('other')
})

test.each([
  'Connection terminated unexpectedly',
  'timeout exceeded when trying to connect',
  'Client has encountered a connection error and is not queryable',
])('pg throws "%s" without a code when the connection is lost', (message) => {
  expect(classifyError(new Error(message))).toBe('unavailable')
})

test('a refused connection on both addresses of localhost counts as unavailable', () => {
  expect(classifyError(new AggregateError([withCode('ECONNREFUSED'), withCode('ECONNREFUSED')]))).toBe('unavailable')
})

test.each([undefined, null, 'text', 42, {}, { code: 23505 }])('%j is no error of the database', (thrown) => {
  expect([errorCode(thrown), classifyError(thrown)]).toEqual([undefined, 'other'])
})
