import { expect, test } from 'vitest'
import { tellStory } from './session-story'
import { after, aHop, aNode, aView } from './session-view.test-kit'
import { clockStepWords, errorWords, headline, skewWords } from './session-words'

const said = (session: Parameters<typeof aView>[0]['session'], hops = [aHop('front', 'storefront', { closed: after(812) })]) =>
  headline(tellStory(aView({ hops, session: { durationMs: 812, ...session } })))

test('says what went wrong and where, or how it went', () => {
  const error = { service: 'payments', node: 'n', message: 'ECONNREFUSED' }
  expect(said({ outcome: 'failed', error })).toBe('Failed in payments after 812 ms: ECONNREFUSED')
  expect(said({ outcome: 'failed', error: { ...error, message: '' } })).toBe('Failed in payments after 812 ms')
  expect(said({ outcome: 'ok', errors: 1 })).toBe('Ok in 812 ms, with 1 error on the way')
  expect(said({ outcome: 'running' })).toBe('Running, 812 ms so far')
  expect(said({ outcome: 'unknown', events: 1, durationMs: 4 }, [])).toBe('1 line over 4 ms; nobody said how it ended')
})

test('says how long it took as the list does, and of a running one how far it came', () => {
  const hops = [aHop('front', 'storefront', { closed: after(812) }), aHop('mail', 'mailer', { opened: after(900), closed: after(1_000) })]
  expect(said({ outcome: 'ok', durationMs: 812.4 }, hops)).toBe('Ok in 812 ms')
  expect(said({ outcome: 'running', durationMs: 812.4 }, hops)).toBe('Running, 1 s so far')
})

test('names the process that died, not one that failed and was made good', () => {
  const hops = [
    aHop('front', 'storefront', { closed: after(812) }),
    aHop('pay', 'payments', { parentSpan: 'front', state: 'failed' }),
    aHop('mail', 'mailer', { parentSpan: 'front', state: 'died' }),
  ]
  expect(said({ outcome: 'died', error: { service: 'payments', node: 'payments-node', message: 'HTTP 502' } }, hops)).toBe(
    'Died in mailer after 812 ms, before it was done',
  )
})

test('tells of a clock only where the difference matters', () => {
  expect(skewWords({ offset: 3, error: 1, kind: 'measured' })).toBeUndefined()
  expect(skewWords({ offset: -5_000, error: 0.8, kind: 'measured' })).toBe('clock 5 s behind ± 0.8 ms')
})

test('says how sure a clock is', () => {
  expect(errorWords({ offset: 0, error: 0.8, kind: 'measured' })).toBe(' ± 0.8 ms')
  expect(errorWords({ offset: 0, error: null, kind: 'one_sided' })).toBe(', or more')
  expect(errorWords({ offset: 0, error: null, kind: 'estimate' })).toBe(', an estimate')
})

test('says where a clock stepped', () => {
  const story = tellStory(aView({ hops: [aHop('cart', 'cart')], nodes: [aNode('cart')] }))
  expect(clockStepWords({ node: 'cart-node', stepMs: -4_020, span: 'cart', n: 3 }, story)).toBe(
    'Clock of cart-1 stepped back by about 4.02 s here',
  )
})
