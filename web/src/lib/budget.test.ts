import { expect, test } from 'vitest'
import { budgetOf } from './budget'
import { tellStory } from './session-story'
import { aHop, aNode, aView, NOON } from './session-view.test-kit'

const hops = [
  aHop('front', 'storefront', { remainingMs: 1_000 }),
  aHop('gate', 'gateway', { parentSpan: 'front' }),
  aHop('pay', 'payments', { parentSpan: 'gate', remainingMs: 60 }),
]
const story = tellStory(aView({ hops, nodes: [aNode('storefront'), aNode('gateway', { origin: 'otlp' }), aNode('payments')] }))
const budget = (span: string, remainingMs: number | undefined) => {
  const part = { remainingMs, startMs: NOON, endMs: NOON + 100 }
  return budgetOf(part, story.steps.get(span), story)
}

test('says how long the deadline allows, and by how much it was passed', () => {
  expect(budget('front', 1_000)).toMatchObject({ from: 0, until: 1_000, overMs: 0 })
  expect(budget('front', 60)).toMatchObject({ until: 60, overMs: 40 })
  expect(budget('front', -5)).toMatchObject({ overMs: 105 })
  expect(budget('front', undefined)).toBeUndefined()
})

test('a budget that came through a process that takes nothing off is an upper bound', () => {
  expect(budget('front', 60)?.isUpperBound).toBe(false)
  expect(budget('gate', 60)?.isUpperBound).toBe(false)
  expect(budget('pay', 60)?.isUpperBound).toBe(true)
})
