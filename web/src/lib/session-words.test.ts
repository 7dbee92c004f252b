import { expect, test } from 'vitest'
import { tellStory } from './session-story'
import { aCall, after, aHop, aNode, aView } from './session-view.test-kit'
import { clockStepWords, completenessWords, errorWords, headline, missingWords, skewWords } from './session-words'

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

test('names who lacks lines and why', () => {
  const hops = [aHop('pay', 'payments')]
  const missing = [
    { span: 'pay', from: 3, to: 5, state: 'dropped' as const, reason: 'buffer_full' },
    { span: 'pay', from: 9, to: 9, state: 'expected' as const },
  ]
  const words = completenessWords(tellStory(aView({ session: { missing: 4, complete: false }, hops, missing, nodes: [aNode('payments')] })))
  expect(words).toMatchObject({ tone: 'warn', words: '4 missing: payments dropped 3 (buffer full), payments has yet to deliver 1' })
})

test('is complete only where nothing is open', () => {
  expect(completenessWords(tellStory(aView({}))).words).toBe('complete')
  expect(completenessWords(tellStory(aView({ session: { complete: false, outcome: 'running' } }))).words).toBe('still receiving')
  const unanswered = aView({ session: { complete: false }, calls: [aCall('c1', 'front', { status: 'unanswered' })] })
  expect(completenessWords(tellStory(unanswered)).words).toBe('1 unanswered call')
})

test('counts missing lines and says why', () => {
  expect(missingWords({ from: 3, to: 5, state: 'died' })).toBe('3 lines missing: lost when the process died')
  expect(missingWords({ from: 3, to: 3, state: 'rejected', reason: 'event_too_large' })).toBe('1 line missing: rejected (event too large)')
})

test('tells of a clock only where the difference matters', () => {
  expect(skewWords({ offset: 3, error: 1, kind: 'measured' })).toBeUndefined()
  expect(skewWords({ offset: -5_000, error: 0.8, kind: 'measured' })).toBe('clock 5 s behind ± 0.8 ms')
})

test('sums up what is missing by who lacks it and why', () => {
  const hops = ['a', 'b', 'c', 'd'].map((span) => aHop(span, span))
  const missing = hops.map(({ span }) => ({ span, from: 1, to: 2, state: 'unexplained' as const }))
  const { words } = completenessWords(tellStory(aView({ session: { missing: 8, complete: false }, hops, missing, nodes: hops.map((hop) => aNode(hop.service)) }))) // prettier-ignore
  expect(words).toBe('8 missing: a lacks 2, unexplained, b lacks 2, unexplained, c lacks 2, unexplained, and 1 more cause')
  const twice = ['a', 'a'].map((span, index) => ({ span, from: index * 9, to: index * 9, state: 'died' as const }))
  const same = completenessWords(tellStory(aView({ session: { missing: 2 }, hops, missing: twice, nodes: [aNode('a')] })))
  expect(same.words).toBe('2 missing: a died with 2 undelivered')
})

test('does not call a session complete whose end is not known', () => {
  expect(completenessWords(tellStory(aView({ session: { complete: false } }))).words).toBe('complete as far as known')
  const { closed: _closed, ...died } = aHop('mail', 'mailer', { state: 'died' })
  expect(completenessWords(tellStory(aView({ session: { complete: false, outcome: 'died' }, hops: [died] }))).words).toBe(
    '1 step never closed',
  )
})

test('says how sure a clock is', () => {
  expect(errorWords({ offset: 0, error: 0.8, kind: 'measured' })).toBe(' ± 0.8 ms')
  expect(errorWords({ offset: 0, error: null, kind: 'one_sided' })).toBe(', or more')
  expect(errorWords({ offset: 0, error: null, kind: 'estimate' })).toBe(', an estimate')
})

test('says where a clock stepped', () => {
  const story = tellStory(aView({ hops: [aHop('cart', 'cart')], nodes: [aNode('cart')] }))
  expect(clockStepWords({ node: 'cart-node', stepMs: -4_020, span: 'cart', n: 3 }, story)).toBe(
    'Clock of cart stepped back by about 4.02 s here',
  )
})
