import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BoundedMap } from './bounded-map.js'
import { CallMemory, type Learned } from './call-memory.js'
import { countCalls, listStrayReturns, type StoredCall } from './count-calls.js'
import type { CallNote, ReturnNote } from './event-notes.js'
import { callKey, type NotedGroup } from './noted-request.js'

const SESSION = '0193aaaa00001111222233334444abcd'
const NOW = Date.parse('2026-01-15T12:00:00Z') * 1000
const target = { service: 'payments', node: null, address: null }

const aCall = (id: number): CallNote => {
  const call = id.toString(16).padStart(16, '0')
  return { session: SESSION, call, micros: NOW + id * 40_000_000, target, name: 'POST /pay', isGuarded: false, isOneway: false }
}
const aReturn = (id: number, status: ReturnNote['status']): ReturnNote => {
  const { session, call, micros } = aCall(id)
  return { session, call, status, reason: '', span: '1', number: id, seq: id, micros: (micros ?? 0) + 12_000 }
}

/** Calls with what came of them; their events in any order and any flushes; flushes after which the collector forgets all. */
const runs = fc
  .array(fc.record({ sent: fc.boolean(), returned: fc.constantFrom('ok', 'error', 'timeout', 'cut', null, null) }), { maxLength: 8 })
  .chain((calls) => {
    const notes = calls.flatMap(({ sent, returned }, id) => [
      ...(sent ? [{ call: aCall(id) }] : []),
      ...(returned === null ? [] : [{ answer: aReturn(id, returned) }]),
    ])
    return fc.record({
      calls: fc.constant(calls),
      notes: fc.shuffledSubarray(notes, { minLength: notes.length }),
      flushes: fc.array(fc.record({ size: fc.integer({ min: 1, max: 4 }), isForgotten: fc.boolean() }), { minLength: 16, maxLength: 16 }),
    })
  })

function newLearned(): Learned {
  return { calls: new Map(), answered: new Set(), early: new Map(), late: new Set(), breakers: new Set() }
}

test('each call and each end is counted once, in whichever order and flushes they come; of a collector that forgets, what came call first', () => {
  fc.assert(
    fc.property(runs, fc.boolean(), ({ calls, notes, flushes }, forgets) => {
      let memory = new CallMemory(() => {})
      const store: { calls: Map<string, CallNote>; answered: Set<string> } = { calls: new Map(), answered: new Set() }
      const sums = { calls: 0, ended: 0, errors: 0, timeouts: 0, cuts: 0, unpaired: 0 }
      let failures = 0
      let isForgotten = false
      const rest = [...notes]
      for (const flush of flushes) {
        const own = rest.splice(0, flush.size)
        const group: NotedGroup = {
          projectId: 1,
          nodeId: 3,
          nodeUuid: '6f1c1f0e-2b51-4a7e-9d6c-3f7c0a5e1c01',
          producer: null,
          epoch: null,
          notes: {
            calls: own.flatMap((note) => ('call' in note ? [note.call] : [])),
            returns: own.flatMap((note) => ('answer' in note ? [note.answer] : [])),
            turns: [],
          },
        }
        const stored = new Map<string, StoredCall>()
        for (const key of listStrayReturns([group], memory).keys()) {
          const note = store.calls.get(key)
          if (note) stored.set(key, { note, isAnswered: store.answered.has(key) })
        }
        const learned = newLearned()
        const counted = countCalls([group], memory, stored, NOW, learned)
        // A flush that fails changes nothing: the same again gives the same.
        expect(countCalls([group], memory, stored, NOW, newLearned())).toEqual(counted)
        memory.learn(learned)
        for (const call of group.notes.calls) store.calls.set(callKey(1, call), call)
        for (const answer of group.notes.returns) store.answered.add(callKey(1, answer))
        for (const row of counted.fresh) for (const name of Object.keys(sums) as (keyof typeof sums)[]) sums[name] += row[name]
        failures += counted.failures.filter(({ breakerId }) => breakerId !== null).length
        if (forgets && flush.isForgotten) {
          memory = new CallMemory(() => {})
          isForgotten = true
        }
      }

      const paired = calls.filter(({ sent, returned }) => sent && returned !== null)
      const strays = calls.filter(({ sent, returned }) => !sent && returned !== null).length
      const of = (status: string) => paired.filter(({ returned }) => returned === status).length
      expect(sums.calls).toBe(calls.filter(({ sent }) => sent).length)
      if (isForgotten) {
        expect(sums.ended + sums.unpaired).toBe(paired.length + strays)
        return
      }
      const { errors, timeouts, cuts, ended, unpaired } = sums
      expect({ errors, timeouts, cuts, ended, unpaired }).toEqual({
        errors: of('error'),
        timeouts: of('timeout'),
        cuts: of('cut'),
        ended: paired.length,
        unpaired: strays,
      })
      expect(failures).toBe(of('error') + of('timeout') + of('cut'))
    }),
    { numRuns: 500 },
  )
})

test('a bounded map forgets the oldest, and never holds more than it may', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.integer({ min: 1, max: 60 }))), (entries) => {
      const map = new BoundedMap<number>(100, (bytes) => bytes)
      const model: [string, number][] = []
      for (const [key, bytes] of entries) {
        map.set(key, bytes)
        const known = model.findIndex(([other]) => other === key)
        if (known >= 0) model.splice(known, 1)
        model.push([key, bytes])
        while (model.reduce((sum, [, each]) => sum + each, 0) > 100) model.shift()
        expect(['a', 'b', 'c', 'd', 'e'].map((each) => map.get(each))).toEqual(
          ['a', 'b', 'c', 'd', 'e'].map((each) => new Map(model).get(each)),
        )
      }
    }),
  )
})
