import { expect, test } from 'vitest'
import { prettify } from './log.js'

test('a line for people names time, level, message, reason and details', () => {
  const line = JSON.stringify({
    level: 40,
    time: Date.parse('2026-01-15T12:00:00Z'),
    job: 'retention',
    err: { message: 'no room' },
    msg: 'a job failed',
  })

  expect(prettify(line)).toMatch(/^\d\d:\d\d:\d\d warn {2}a job failed no room job="retention"\n$/)
})

test('no byte of a message steers the terminal or forges a second line', () => {
  const line = JSON.stringify({ level: 30, time: 0, msg: 'a\u001b]0;title\u0007b\nc\u202ed' })

  expect(prettify(line)).toContain('a\\x1b]0;title\\x07b\\nc\\u202ed\n')
})
