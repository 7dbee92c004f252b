import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatTraceParent, parseTraceParent } from './traceparent.js'

const SESSION = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'
const valid = { session: SESSION, parent: SPAN, flags: '01' }

test.each([
  ['the standard one', `00-${SESSION}-${SPAN}-01`, valid],
  ['not sampled', `00-${SESSION}-${SPAN}-00`, { ...valid, flags: '00' }],
  ['unknown flags are passed on', `00-${SESSION}-${SPAN}-ff`, { ...valid, flags: 'ff' }],
  ['spaces around', `  00-${SESSION}-${SPAN}-01 `, valid],
  ['a later version', `01-${SESSION}-${SPAN}-01`, valid],
  ['a later version with more fields', `cc-${SESSION}-${SPAN}-01-what-the-future-holds`, valid],
  ['version 00 with more fields', `00-${SESSION}-${SPAN}-01-more`, undefined],
  ['a later version, fields glued on', `cc-${SESSION}-${SPAN}-01.more`, undefined],
  ['version ff', `ff-${SESSION}-${SPAN}-01`, undefined],
  ['upper case', `00-${SESSION.toUpperCase()}-${SPAN}-01`, undefined],
  ['session all zero', `00-${'0'.repeat(32)}-${SPAN}-01`, undefined],
  ['parent all zero', `00-${SESSION}-${'0'.repeat(16)}-01`, undefined],
  ['too short', `00-${SESSION.slice(1)}-${SPAN}-01`, undefined],
  ['two headers in one', `00-${SESSION}-${SPAN}-01,00-${SESSION}-${SPAN}-01`, undefined],
  ['empty', '', undefined],
  ['missing', undefined, undefined],
  ['endless', `00-${SESSION}-${SPAN}-01-${'x'.repeat(100_000)}`, undefined],
])('%s', (_, header, expected) => {
  expect(parseTraceParent(header)).toEqual(expected)
})

const hex = (length: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: fc.constantFrom(...Array.from('0123456789abcdef')), minLength: length, maxLength: length })
    .filter((text) => /[1-9a-f]/.test(text))

test('what is written is read back', () => {
  fc.assert(
    fc.property(
      fc.record({ session: hex(32), parent: hex(16), flags: fc.nat(255).map((n) => n.toString(16).padStart(2, '0')) }),
      (parts) => {
        expect(parseTraceParent(formatTraceParent(parts))).toEqual(parts)
      },
    ),
  )
})

test('no text makes it throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(parseTraceParent(text)).toBeUndefined()
    }),
  )
})
