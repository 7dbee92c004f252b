import { expect, test } from 'vitest'
import { tellStory } from './session-story'
import { aFailedCheckout, anEvent } from './session-view.test-kit'
import { indexOfPosition, isFault, listMatching, listVisible } from './visible-rows'

const { view, rows } = aFailedCheckout()
const story = tellStory(view)
const all = { story, rows, collapsed: new Set<string>(), showAll: false, kept: undefined }

test('leaves out lines that only say that all went well', () => {
  expect(listVisible(all)).toEqual([0, 1, 2, 3, 4, 5, 6])
  expect(listVisible({ ...all, showAll: true })).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
})

test('keeps such a line where a link names it', () => {
  expect(listVisible({ ...all, kept: 'front:5' })).toContain(7)
})

test('folds a step to its head, with the steps below it', () => {
  expect(listVisible({ ...all, collapsed: new Set(['check']) })).toEqual([0, 1, 2, 5, 6])
  expect(listVisible({ ...all, collapsed: new Set(['front', 'check']) })).toEqual([0])
})

test('hides rows that are not loaded only where they must lie in a folded step', () => {
  const sparse = rows.map((row, position) => (position === 3 || position === 6 ? undefined : row))
  expect(listVisible({ ...all, rows: sparse, collapsed: new Set(['check']) })).toEqual([0, 1, 2, 5, 6])
  expect(listVisible({ ...all, rows: sparse })).toEqual([0, 1, 2, 3, 4, 5, 6])
})

test('finds the index of a position, or of the next that is drawn', () => {
  expect(indexOfPosition([0, 2, 9], 2)).toBe(1)
  expect(indexOfPosition([0, 2, 9], 3)).toBe(2)
  expect(indexOfPosition([0, 2, 9], 99)).toBe(3)
})

test('counts errors, and failed calls of which nobody else tells', () => {
  expect(rows.filter(isFault).map((row) => 'message' in row && row.message)).toEqual(['no node left', 'checkout answered 502'])
  expect(isFault(anEvent('front', 3, { kind: 'return', status: 'timeout' }))).toBe(true)
  expect(isFault({ kind: 'missing', span: 'front', from: 1, to: 2, state: 'dropped' })).toBe(false)
})

test('shows only what matches, and by call the openings that it lies in', () => {
  const place = (position: number, name: string) => ({ position, name })
  const openings = [place(0, 'front:1'), place(2, 'check:1')]
  expect(listMatching({ story, openings, matches: [place(3, 'check:2')], order: 'tree' })).toEqual([0, 2, 3])
  expect(listMatching({ story, openings, matches: [place(6, 'front:4'), place(3, 'check:2')], order: 'cause' })).toEqual([3, 6])
  expect(listMatching({ story, openings, matches: [place(6, 'an-event-id')], order: 'tree' })).toEqual([6])
  expect(listMatching({ story, openings, matches: [], order: 'tree' })).toEqual([])
})
