import { expect, test } from 'vitest'
import { formatRate, formatShare, lastHourWords, readLastHour, registryWords } from './node-words'

test('reads the minutes of an hour; what is not known is unknown, never up', () => {
  expect(readLastHour('usgr.x')).toEqual(['up', 'stale', 'gone', 'restarting', 'unknown', 'unknown'])
  expect(lastHourWords(`${'u'.repeat(57)}ss.`)).toBe('up for 57 min, stale for 2 min, not known for 1 min')
})

test('says rates and shares as a reader does', () => {
  expect([0, 0.01, 0.42, 3, 12.4, 1_234].map(formatRate)).toEqual(['0', '<0.1', '0.4', '3', '12', '1,234'])
  expect([0, 0.0001, 0.004, 0.061, 0.5, 0.9999, 1].map(formatShare)).toEqual([
    '0 %',
    '<0.1 %',
    '0.4 %',
    '6.1 %',
    '50 %',
    '>99.9 %',
    '100 %',
  ])
})

test('says what a registry that is not healthy means for the board', () => {
  const since = '2026-01-15T12:00:00Z'

  expect(registryWords({ state: 'healthy', since })).toEqual({ words: 'registry healthy', meaning: undefined })
  expect(registryWords({ state: 'grace', since }).meaning).toMatch(/no node becomes stale or gone yet/)
  expect(registryWords({ state: 'degraded', since, held: 320 }).meaning).toMatch(/^320 nodes fell silent at once/)
})
