import { expect, test } from 'vitest'
import { eventMs, tellStory } from './session-story'
import { after, aCall, aFailedCheckout, aHop, aNode, anEvent, aView, NOON } from './session-view.test-kit'

test('nests steps under the step that called them, and adds up what lies below', () => {
  const story = tellStory(aFailedCheckout().view)
  const front = story.steps.get('front')
  expect(story.roots).toEqual([front])
  expect(front?.children.map((step) => [step.hop.span, step.depth])).toEqual([['check', 1]])
  expect([front?.rows, front?.errors]).toEqual([6, 2])
})

test('counts rows of missing lines to their step', () => {
  const view = aView({ hops: [aHop('front', 'storefront')], missing: [{ span: 'front', from: 4, to: 9, state: 'dropped' }] })
  expect(tellStory(view).steps.get('front')?.rows).toBe(4)
})

test('cuts a circle of parents instead of hanging', () => {
  const view = aView({ hops: [aHop('a', 'cart', { parentSpan: 'b' }), aHop('b', 'cart', { parentSpan: 'a' })] })
  const story = tellStory(view)
  expect(story.roots.length).toBeGreaterThan(0)
  expect(story.steps.size).toBe(2)
})

test('survives a chain of ten thousand steps', () => {
  const hops = Array.from({ length: 10_000 }, (_, index) => aHop(`s${index}`, 'cart', { parentSpan: index === 0 ? null : `s${index - 1}` }))
  expect(tellStory(aView({ hops })).steps.get('s9999')?.depth).toBe(9_999)
})

test('draws a running step to the end and a died one to the end of the call that waited for it', () => {
  const story = tellStory(
    aView({
      hops: [
        aHop('front', 'storefront', { closed: after(400) }),
        { ...withoutClose(aHop('mail', 'mailer', { parentSpan: 'front' })), state: 'died' },
        { ...withoutClose(aHop('cart', 'cart', { parentSpan: 'front' })), state: 'running' },
      ],
      calls: [aCall('c1', 'front', { callees: ['mail'], ended: after(250) })],
    }),
  )
  expect(story.steps.get('mail')).toMatchObject({ open: true, endMs: NOON + 250 })
  expect(story.steps.get('cart')).toMatchObject({ open: true, endMs: NOON + 400 })
})

test('tells processes in order of appearance, by the names that they have on all pages', () => {
  const view = aView({
    hops: [aHop('a', 'cart', { node: 'two' }), aHop('b', 'storefront', { node: 'front' }), aHop('c', 'cart', { node: 'one' })],
    nodes: [
      aNode('cart', { id: 'one', name: 'cart-1' }),
      aNode('storefront', { id: 'front' }),
      aNode('cart', { id: 'two', name: 'cart-2' }),
    ],
  })
  expect([...tellStory(view).processes.values()].map((process) => process.name)).toEqual(['cart-2', 'storefront-1', 'cart-1'])
})

test('draws a step of a process whose clock runs 5 s ahead inside the call that made it, without touching its raw time', () => {
  const view = aView({
    hops: [aHop('front', 'storefront'), aHop('cart', 'cart', { parentSpan: 'front', opened: after(5_020), closed: after(5_060) })],
    calls: [aCall('c1', 'front', { callees: ['cart'] })],
    nodes: [aNode('storefront'), aNode('cart', { skewMs: { offset: 5_000, error: 10, kind: 'measured' } })],
  })
  const story = tellStory(view)
  const step = story.steps.get('cart')
  expect(step?.startMs).toBeGreaterThanOrEqual(NOON + 10)
  expect(step?.startMs).toBeLessThanOrEqual(NOON + 90)
  expect(story.endMs).toBe(NOON + 100)
  expect(eventMs(anEvent('cart', 2, { node: 'cart-node', time: after(5_030) }), story)).toBeCloseTo((step?.startMs ?? 0) + 10)
})

test('draws the first process by its corrected time too', () => {
  const view = aView({
    hops: [aHop('front', 'storefront')],
    nodes: [aNode('storefront', { skewMs: { offset: 40, error: 1, kind: 'measured' } })],
  })
  expect(tellStory(view).startMs).toBe(NOON - 40)
})

test('a running session reaches as far as it was looked at', () => {
  const hops = [{ ...withoutClose(aHop('front', 'storefront')), state: 'running' as const }]
  const view = aView({ session: { outcome: 'running', durationMs: 3 }, hops })
  expect(tellStory(view, NOON + 5_000).endMs).toBe(NOON + 5_000)
  expect(tellStory(view, NOON - 5_000).endMs).toBe(NOON + 3)
})

test('draws a step whose clock was set while it ran by the corrected times of the collector', () => {
  const view = aView({
    hops: [aHop('cart', 'cart', { closed: after(-3_900), corrected: { opened: after(0), closed: after(100) } })],
    calls: [aCall('c1', 'cart', { started: after(-3_950), ended: after(-3_940), corrected: { started: after(50), ended: after(60) } })],
    nodes: [aNode('cart')],
  })
  const story = tellStory(view)
  expect(story.steps.get('cart')).toMatchObject({ startMs: NOON, endMs: NOON + 100 })
  expect(story.calls.get('c1')).toMatchObject({ startMs: NOON + 50, endMs: NOON + 60 })
})

test('draws a step that only its answer names as long as the call that was answered', () => {
  const named = {
    ...withoutClose(aHop('cart', '', { parentSpan: 'front', opened: after(10), events: 0, last: 4 })),
    onlyNamed: true as const,
  }
  const view = aView({ hops: [aHop('front', 'storefront'), named], calls: [aCall('c1', 'front', { callees: ['cart'] })] })
  expect(tellStory(view).steps.get('cart')).toMatchObject({ startMs: NOON + 10, endMs: NOON + 90, depth: 1 })
})

function withoutClose<T extends { closed?: string; status?: 'ok' | 'error' }>({
  closed: _closed,
  status: _status,
  ...hop
}: T): Omit<T, 'closed' | 'status'> {
  return hop
}
