import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { scheduleJobs } from './schedule.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const silent = pino({ level: 'silent' })

test('a job runs again and again, also after it failed', async () => {
  let turns = 0
  const schedule = scheduleJobs([{ name: 'failing', everyMs: 1_000, work: () => Promise.reject(new Error(`turn ${++turns}`)) }], silent)

  await vi.advanceTimersByTimeAsync(3_500)

  expect(turns).toBe(3)
  await schedule.stop()
})

test('a turn that takes long delays the next one, and stop waits for it', async () => {
  const events: string[] = []
  let finish = () => {}
  const work = async () => {
    events.push('begin')
    await new Promise<void>((resolve) => (finish = resolve))
    events.push('end')
  }
  const schedule = scheduleJobs([{ name: 'slow', everyMs: 1_000, work }], silent)

  await vi.advanceTimersByTimeAsync(5_000)
  const stopped = schedule.stop().then(() => events.push('stopped'))
  finish()
  await stopped
  await vi.advanceTimersByTimeAsync(5_000)

  expect(events).toEqual(['begin', 'end', 'stopped'])
})
