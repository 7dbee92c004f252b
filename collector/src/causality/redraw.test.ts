import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findEdges } from './edges.js'
import type { CausalEvent } from './event.js'
import { redraw } from './redraw.js'
import { mixedWorks, simulate, skews, works } from './simulation.test-kit.js'

function edgesBy(events: readonly CausalEvent[], drawn: Float64Array) {
  const steps = findEdges(events, drawn)
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value
}

test('edges by other times are those that are found by them', () => {
  let timeless = 0
  const sessions = fc.record({
    work: fc.oneof(works, mixedWorks),
    skew: skews,
    lost: fc.array(fc.nat(400), { maxLength: 20 }),
    twice: fc.array(fc.nat(400), { maxLength: 3 }),
    moves: fc.array(fc.integer({ min: -20_000, max: 20_000 }), { minLength: 1, maxLength: 20 }),
  })
  fc.assert(
    fc.property(sessions, ({ work, skew, lost, twice, moves }) => {
      const sent = simulate(work, skew).events.filter((_, i) => !lost.includes(i))
      const events = [...sent, ...sent.filter((_, i) => twice.includes(i)).map((event) => ({ ...event, id: `${event.id} again` }))]
      const raw = Float64Array.from(events, ({ timeMicros }) => timeMicros)
      const drawn = raw.map((micros, i) => micros + (moves[i % moves.length] ?? 0))
      const { edges, isTimeless } = edgesBy(events, raw)
      if (!isTimeless) return
      timeless++
      expect(redraw(edges, drawn)).toEqual(edgesBy(events, drawn).edges)
    }),
    { numRuns: 1_000 },
  )
  expect(timeless).toBeGreaterThan(200)
})
