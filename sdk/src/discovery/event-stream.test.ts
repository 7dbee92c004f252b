import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EventStream } from './event-stream.js'

const TEXT =
  'event: active\ndata: {"a":1}\n\n: ping\n\nid: 7\nevent:expire\r\ndata: one\r\ndata:two\r\n\r\ndata\n\nevent: lost\n\nevent: half\ndata: x'
const EVENTS = [
  { name: 'active', data: '{"a":1}' },
  { name: 'expire', data: 'one\ntwo' },
  { name: 'message', data: '' },
]

test('reads the same events however the text is cut', () => {
  const property = fc.property(fc.array(fc.nat(TEXT.length), { maxLength: 12 }), (cuts) => {
    const stream = new EventStream()
    const at = [0, ...cuts.toSorted((a, b) => a - b), TEXT.length]
    const events = at.slice(1).flatMap((end, i) => stream.read(TEXT.slice(at[i], end)))

    expect(events).toEqual(EVENTS)
  })
  fc.assert(property)
})

test('refuses an event without end', () => {
  const stream = new EventStream()

  expect(() => {
    for (let i = 0; i < 400; i++) stream.read(`data: ${'x'.repeat(1_000)}\n`)
  }).toThrow('too long')
})
