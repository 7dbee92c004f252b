import { expect, test } from 'vitest'
import { tellStory } from './session-story'
import { aCall, after, aHop, aNode, anEvent, aView } from './session-view.test-kit'
import { drawSpaceTime, faultsIn, inWindow } from './space-time'

const hops = [aHop('front', 'storefront'), aHop('cart', 'cart', { opened: after(20), closed: after(80) })]
const nodes = [
  aNode('storefront'),
  aNode('cart', { skewMs: { offset: 0, error: 3, kind: 'measured' } }),
  aNode('mailer', { skewMs: { offset: 0, error: null, kind: 'one_sided' } }),
]

test('draws a call and its answer between the lines of two processes, as sure as the clocks are', () => {
  const { lanes, messages } = drawSpaceTime(tellStory(aView({ hops, nodes, calls: [aCall('c1', 'front', { callees: ['cart'] })] })))
  expect(lanes.map((lane) => [lane.process.name, lane.steps.length])).toEqual([['storefront-1', 1], ['cart-1', 1], ['mailer-1', 0]]) // prettier-ignore
  expect(messages.map(({ kind, from, to, spreadMs, line }) => ({ kind, from, to, spreadMs, line }))).toEqual([
    { kind: 'call', from: { lane: 0, ms: 10 }, to: { lane: 1, ms: 20 }, spreadMs: 3, line: 'front:2' },
    { kind: 'answer', from: { lane: 1, ms: 80 }, to: { lane: 0, ms: 90 }, spreadMs: 3, line: 'front:2' },
  ])
})

test('draws a message that nobody got towards the process it was meant for', () => {
  const lost = aCall('c1', 'front', { status: 'unanswered', target: { node: 'cart-node' } })
  const { messages } = drawSpaceTime(tellStory(aView({ hops, nodes, calls: [lost] })))
  expect(messages).toHaveLength(1)
  expect(messages[0]).toMatchObject({ from: { lane: 0 }, aim: 1 })
  expect(messages[0]?.to).toBeUndefined()
})

test('says where nothing bounds a clock', () => {
  const mail = aHop('mail', 'mailer', { opened: after(30), closed: after(40) })
  const { messages } = drawSpaceTime(tellStory(aView({ hops: [...hops, mail], nodes, calls: [aCall('c1', 'front', { callees: ['mail'], status: 'oneway' })] }))) // prettier-ignore
  expect(messages.map((message) => message.spreadMs)).toEqual([null])
})

test('a call joined twice goes to both', () => {
  const again = aHop('again', 'cart', { opened: after(40), closed: after(60) })
  const { messages } = drawSpaceTime(tellStory(aView({ hops: [...hops, again], nodes, calls: [aCall('c1', 'front', { callees: ['cart', 'again'] })] }))) // prettier-ignore
  expect(messages.filter((message) => message.kind === 'call')).toHaveLength(2)
})

test('keeps to what is in view, and says how much it left out', () => {
  const { messages } = drawSpaceTime(tellStory(aView({ hops, nodes, calls: [aCall('c1', 'front', { callees: ['cart'] })] })))
  expect(inWindow(messages, { from: 50, to: 100 }, 10)).toMatchObject({ left: 0, shown: [{ kind: 'answer' }] })
  expect(inWindow(messages, { from: 0, to: 100 }, 1)).toMatchObject({ left: 1 })
})

test('marks the errors on the line of their process', () => {
  const story = tellStory(aView({ hops, nodes }))
  const rows = [
    anEvent('cart', 3, { node: 'cart-node', level: 'error', message: 'no stock', time: after(40) }),
    undefined,
    anEvent('front', 2),
  ]
  expect(faultsIn(rows, story)).toEqual([{ line: 'cart:3', words: 'no stock', lane: 1, ms: 40 }])
})
