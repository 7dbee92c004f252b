import { expect, test } from 'vitest'
import { tellStory } from './session-story'
import { aCall, after, aHop, aView } from './session-view.test-kit'
import { slowestCalls, summarise } from './summarise'

const story = tellStory(
  aView({
    hops: [
      aHop('front', 'storefront', { errors: 1 }),
      aHop('cart', 'cart', { opened: after(10), closed: after(50) }),
      aHop('stock', 'inventory', { opened: after(20), closed: after(60) }),
    ],
    calls: [
      aCall('c1', 'front', { started: after(10), ended: after(50), callees: ['cart'] }),
      aCall('c2', 'front', { started: after(20), ended: after(60), callees: ['stock'], status: 'error' }),
      aCall('c3', 'front', { started: after(0), ended: after(100), status: 'oneway' }),
    ],
  }),
)

test('tells a service’s own time from the time it waited, calls at once counted once', () => {
  const front = summarise(story).find((sum) => sum.service === 'storefront')
  expect(front).toEqual({
    service: 'storefront',
    steps: 1,
    lines: 3,
    errors: 1,
    totalMs: 100,
    ownMs: 50,
    calls: 3,
    failedCalls: 1,
  })
})

test('puts the service first that spent most time itself', () => {
  expect(summarise(story).map((sum) => sum.service)).toEqual(['storefront', 'cart', 'inventory'])
})

test('lists the slowest calls that somebody waited for', () => {
  expect(slowestCalls(story, 5).map((call) => call.view.call)).toEqual(['c1', 'c2'])
  expect(slowestCalls(story, 1)).toHaveLength(1)
})

test('a session without steps has nothing to sum up', () => {
  expect(summarise(tellStory(aView({})))).toEqual([])
})
