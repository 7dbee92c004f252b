import { expect, test } from 'vitest'
import { readSessionId, shortenId } from './session-id'

const ID = '0193a7c25061f499ebf4376c8fc89f41'

test.each([
  ['32 hex', ID],
  ['capitals and blanks around', `  ${ID.toUpperCase()}\n`],
  ['a UUID in any case', '0193A7C2-5061-f499-ebf4-376c8fc89f41'],
  ['a whole traceparent', `00-${ID}-00f067aa0ba902b7-01`],
])('reads a session id from %s', (_, pasted) => {
  expect(readSessionId(pasted)).toBe(ID)
})

test.each(['', 'checkout', ID.slice(1), '0'.repeat(32), `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, `x${ID}`])(
  'finds none in "%s"',
  (pasted) => {
    expect(readSessionId(pasted)).toBeUndefined()
  },
)

test('shortens an id to its ends', () => {
  expect(shortenId(ID)).toBe('0193a7c2…9f41')
  expect(shortenId('short')).toBe('short')
})
