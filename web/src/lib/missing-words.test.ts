import { expect, test } from 'vitest'
import { formatSecond } from './instant'
import { completenessWords, missingWords, nothingCameWords } from './missing-words'
import { tellStory } from './session-story'
import { aCall, after, aHop, aNode, aView, NOON } from './session-view.test-kit'

test('names who lacks lines and why', () => {
  const hops = [aHop('pay', 'payments')]
  const missing = [
    { span: 'pay', from: 3, to: 5, state: 'dropped' as const, reason: 'buffer_full' },
    { span: 'pay', from: 9, to: 9, state: 'expected' as const },
  ]
  const words = completenessWords(tellStory(aView({ session: { missing: 4, complete: false }, hops, missing, nodes: [aNode('payments')] })))
  expect(words).toMatchObject({ tone: 'warn', words: '4 missing: payments-1 dropped 3 (buffer full), payments-1 has yet to deliver 1' })
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

test('sums up what is missing by who lacks it and why', () => {
  const hops = ['a', 'b', 'c', 'd'].map((span) => aHop(span, span))
  const missing = hops.map(({ span }) => ({ span, from: 1, to: 2, state: 'unexplained' as const }))
  const { words } = completenessWords(tellStory(aView({ session: { missing: 8, complete: false }, hops, missing, nodes: hops.map((hop) => aNode(hop.service)) }))) // prettier-ignore
  expect(words).toBe('8 missing: a-1 lacks 2, unexplained, b-1 lacks 2, unexplained, c-1 lacks 2, unexplained, and 1 more cause')
  const twice = ['a', 'a'].map((span, index) => ({ span, from: index * 9, to: index * 9, state: 'died' as const }))
  const same = completenessWords(tellStory(aView({ session: { missing: 2 }, hops, missing: twice, nodes: [aNode('a')] })))
  expect(same.words).toBe('2 missing: a-1 died with 2 undelivered')
})

test('does not call a session complete whose end is not known', () => {
  expect(completenessWords(tellStory(aView({ session: { complete: false } }))).words).toBe('complete as far as known')
  const { closed: _closed, ...died } = aHop('mail', 'mailer', { state: 'died' })
  expect(completenessWords(tellStory(aView({ session: { complete: false, outcome: 'died' }, hops: [died] }))).words).toBe(
    '1 step never closed',
  )
})

test('says when lines were lost, to the second', () => {
  const at = (iso: string) => {
    const missing = { span: 'pay', from: 3, to: 5, state: 'dropped' as const, reason: 'buffer_full', time: iso }
    return missing
  }
  const words = (...isos: string[]) =>
    completenessWords(tellStory(aView({ session: { missing: 3 }, hops: [aHop('pay', 'payments')], missing: isos.map(at), nodes: [aNode('payments')] }))).words // prettier-ignore
  const second = formatSecond(NOON)
  expect(words(after(0))).toBe(`3 missing: payments-1 dropped 3 (buffer full) at ${second}`)
  expect(words(after(0), after(400))).toBe(`6 missing: payments-1 dropped 6 (buffer full) at ${second}`)
  expect(words(after(2_000), after(0))).toBe(
    `6 missing: payments-1 dropped 6 (buffer full) from ${second} to ${formatSecond(NOON + 2_000)}`,
  )
})

test('of a step that only its answer names, as many are missing at least as it counted', () => {
  const hops = [aHop('cart', 'cart', { onlyNamed: true, events: 0, last: 4 })]
  const missing = [{ span: 'cart', from: 1, to: 4, state: 'unexplained' as const }]
  const { words } = completenessWords(tellStory(aView({ session: { missing: 4 }, hops, missing })))
  expect(words).toBe('at least 4 missing: cart lacks at least 4, unexplained')
  expect(nothingCameWords({ from: 1, to: 4, state: 'unexplained' })).toBe('nothing came of it: at least 4 lines missing: unexplained')
})
