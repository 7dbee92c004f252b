import { expect, test } from 'vitest'
import { splitVisible } from './visible-text'

test('leaves plain text alone', () => {
  expect(splitVisible('GET /cart – 日本語 👩‍💻')).toEqual([{ text: 'GET /cart – 日本語 👩‍💻' }])
})

test('shows what would turn the line around', () => {
  expect(splitVisible('a\u202Etxt')).toEqual([{ text: 'a' }, { mark: 'U+202E', name: 'right-to-left override' }, { text: 'txt' }])
})

test('shows control characters, lone surrogates and invisible ones', () => {
  const marks = splitVisible('\u001B\u0000\uD800\uFEFF\u0085').map((piece) => ('mark' in piece ? piece.mark : piece.text))
  expect(marks).toEqual(['␛', '␀', 'U+D800', 'U+FEFF', 'U+0085'])
})

test('keeps line breaks where there is room for them, and marks them in a single line', () => {
  expect(splitVisible('a\n\tb', true)).toEqual([{ text: 'a\n\tb' }])
  expect(splitVisible('a\nb')).toEqual([{ text: 'a' }, { mark: '⏎', name: 'line break' }, { text: 'b' }])
})
