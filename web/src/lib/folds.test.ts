import { expect, test } from 'vitest'
import { foldedSpans, foldService, foldStep, isServiceFolded, readFolds, writeFolds } from './folds'
import { tellStory } from './session-story'
import { aHop, aView } from './session-view.test-kit'

const story = tellStory(aView({ hops: [aHop('front', 'storefront'), aHop('pay1', 'payments'), aHop('pay2', 'payments')] }))
const NOTHING = readFolds(undefined)

test('folds a step, and all steps of a service', () => {
  expect([...foldedSpans(foldStep(NOTHING, story, 'pay1', true), story)]).toEqual(['pay1'])
  const service = foldService(NOTHING, story, 'payments', true)
  expect([...foldedSpans(service, story)]).toEqual(['pay1', 'pay2'])
  expect(isServiceFolded(service, 'payments')).toBe(true)
})

test('unfolds one step of a folded service and leaves the others folded', () => {
  const folds = foldStep(foldService(NOTHING, story, 'payments', true), story, 'pay1', false)
  expect([...foldedSpans(folds, story)]).toEqual(['pay2'])
})

test('folding a service takes the place of its single steps, unfolding it frees them', () => {
  const one = foldStep(NOTHING, story, 'pay2', true)
  expect(writeFolds(foldService(one, story, 'payments', true))).toBe('@payments')
  expect(writeFolds(foldService(one, story, 'payments', false))).toBeUndefined()
})

test('survives the link', () => {
  expect([...readFolds(writeFolds(new Set(['front', '@payments'])))]).toEqual(['front', '@payments'])
})
