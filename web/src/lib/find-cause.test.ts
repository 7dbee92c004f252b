import { expect, test } from 'vitest'
import { findCause } from './find-cause'
import { tellStory } from './session-story'
import { aFailedCheckout, aHop, anEvent, aView } from './session-view.test-kit'

test('is the error of the deepest step that failed by itself', () => {
  const { view, rows } = aFailedCheckout()
  expect(findCause(tellStory(view), rows)).toBe(3)
})

test('is the line that the summary quotes, before an earlier one of the same step', () => {
  const { view, rows } = aFailedCheckout()
  const more = rows.toSpliced(3, 0, anEvent('check', 9, { level: 'error', message: 'retry failed' }))
  expect(findCause(tellStory(view), more)).toBe(4)
})

test('is the failed call where the step logged nothing', () => {
  const { view, rows } = aFailedCheckout()
  const silent = rows.filter((row) => row.kind !== 'log')
  const cause = findCause(tellStory(view), silent)
  expect(silent[cause ?? -1]).toMatchObject({ span: 'check', kind: 'close' })
})

test('is the last word of a step that died', () => {
  const view = aView({ session: { outcome: 'died' }, hops: [aHop('mail', 'mailer', { state: 'died' })] })
  expect(findCause(tellStory(view), [anEvent('mail', 1), anEvent('mail', 2), anEvent('other', 1)])).toBe(1)
})

test('is nothing where nothing went wrong', () => {
  expect(findCause(tellStory(aView({ hops: [aHop('front', 'storefront')] })), [anEvent('front', 1)])).toBeUndefined()
})
