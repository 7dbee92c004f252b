import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatCausalMember, formatTraceState, parseTraceState } from './tracestate.js'

const CALL = '00f067aa0ba902b7'

describe('reading', () => {
  test.each([
    ['ours', `gt=${CALL}:3.7`, { gt: { call: CALL, path: [3, 7] }, others: [] }],
    [
      'ours among others, which keep their order',
      `rojo=1, gt=${CALL}:1 ,congo=t61rcWkgMzE`,
      { gt: { call: CALL, path: [1] }, others: ['rojo=1', 'congo=t61rcWkgMzE'] },
    ],
    ['a root of the MDK', `gt=${CALL}:0`, { gt: { call: CALL, path: [0] }, others: [] }],
    ['the greatest number', `gt=${CALL}:2147483647`, { gt: { call: CALL, path: [2147483647] }, others: [] }],
    ['a number too great', `gt=${CALL}:2147483648,a=b`, { others: ['a=b'] }],
    [
      '64 levels',
      `gt=${CALL}:${Array.from({ length: 64 }, () => 1).join('.')}`,
      { gt: { call: CALL, path: Array.from({ length: 64 }, () => 1) }, others: [] },
    ],
    ['65 levels', `gt=${CALL}:${Array.from({ length: 65 }, () => 1).join('.')}`, { others: [] }],
    ['an empty path', `gt=${CALL}:`, { others: [] }],
    ['no path', `gt=${CALL}`, { others: [] }],
    ['a path that is none', `gt=${CALL}:1..2`, { others: [] }],
    ['a negative number', `gt=${CALL}:-1`, { others: [] }],
    ['a call of zeros', `gt=${'0'.repeat(16)}:1`, { others: [] }],
    ['the first of two counts', `gt=${CALL}:1,gt=${CALL}:2`, { gt: { call: CALL, path: [1] }, others: [] }],
    ['members that are none', 'UPPER=1,=,a,a=,b=\u0001,ok=1', { others: ['ok=1'] }],
    ['tenants', '42@vendor=x', { others: ['42@vendor=x'] }],
    ['too long to read', `a=${'x'.repeat(20_000)}`, { others: [] }],
    ['missing', undefined, { others: [] }],
  ])('%s', (_, header, expected) => {
    expect(parseTraceState(header)).toEqual(expected)
  })

  test('no text makes it throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parseTraceState(text).gt).toBeUndefined()
      }),
    )
  })
})

describe('writing', () => {
  test('ours stands in front and 31 others are kept', () => {
    const others = Array.from({ length: 40 }, (_, i) => `k${i}=v`)

    const members = formatTraceState(`gt=${CALL}:1`, others).split(',')

    expect(members).toEqual([`gt=${CALL}:1`, ...others.slice(0, 31)])
  })

  test.each([
    ['65 levels', Array.from({ length: 65 }, () => 1)],
    ['more than 256 characters', Array.from({ length: 40 }, () => 1_000_000)],
  ])('ours is left out with %s', (_, path) => {
    expect(formatCausalMember(CALL, path)).toBeUndefined()
  })

  test('what is written is read back, unless it is too long', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 2 ** 31 - 1 }), { minLength: 1, maxLength: 70 }), (path) => {
        const member = formatCausalMember(CALL, path)

        if (member === undefined) expect(path.length > 64 || `gt=${CALL}:${path.join('.')}`.length > 256).toBe(true)
        else expect(parseTraceState(formatTraceState(member, ['a=b']))).toEqual({ gt: { call: CALL, path }, others: ['a=b'] })
      }),
    )
  })
})
