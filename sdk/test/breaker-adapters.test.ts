import { circuitBreaker, ConsecutiveBreaker, handleAll } from 'cockatiel'
import OpossumBreaker from 'opossum'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { reportCockatiel } from '../src/integrations/cockatiel.js'
import { reportOpossum } from '../src/integrations/opossum.js'
import type { Session } from '../src/session.js'
import type { Line } from './fault-server.js'
import { startRig, type Rig } from './rig.js'

const TARGET = { service: 'payments', address: 'http://10.0.0.9:8080' }

let rig: Rig
let works = false
beforeEach(async () => {
  works = false
  rig = await startRig()
})
afterEach(() => rig.stop())

async function pay(): Promise<string> {
  await Promise.resolve()
  if (!works) throw new Error('card reader is off')
  return 'paid'
}

async function turns(): Promise<Line[]> {
  expect(await rig.gt.flush()).toBe(true)
  return rig.server.stored.filter(({ kind }) => kind === 'breaker')
}

const inSession = async (session: Session, work: () => Promise<unknown>): Promise<void> => {
  await session.run(work).catch(() => undefined)
}

/** Until something is there: the libraries' own timers are real. */
async function until(isThere: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isThere())) await new Promise((resolve) => setImmediate(resolve))
}

test('turns of a breaker of cockatiel are told in the session that caused them', async () => {
  const breaker = circuitBreaker(handleAll, { halfOpenAfter: 5, breaker: new ConsecutiveBreaker(2) })
  const end = reportCockatiel(rig.gt, breaker, TARGET, { halfOpenAfterMs: 5 })
  const [harmed, retest] = [rig.gt.session(), rig.gt.session()]

  for (let i = 0; i < 2; i++) await inSession(harmed, () => breaker.execute(pay))
  const openedMs = Date.now()
  await until(() => Date.now() - openedMs > 5)
  works = true
  await inSession(retest, () => breaker.execute(pay))

  const [opened, tried, closed, ...more] = await turns()
  expect(opened).toMatchObject({
    span: harmed.span,
    target: TARGET,
    from: 'closed',
    to: 'open',
    failures: 2,
    reason: 'card reader is off',
  })
  expect(Number(opened?.['retestAt']) - openedMs).toBeLessThan(100)
  expect(tried).toMatchObject({ span: retest.span, from: 'open', to: 'half_open', reason: 'retest' })
  expect(closed).toMatchObject({ span: retest.span, from: 'half_open', to: 'closed', failures: 0, reason: 'the retest succeeded' })
  expect(more).toEqual([])
  end()
  works = false
  for (let i = 0; i < 2; i++) await inSession(harmed, () => breaker.execute(pay))
  expect(await turns()).toHaveLength(3)
})

test('one that is held open by hand outside of any session is told by the process', async () => {
  const breaker = circuitBreaker(handleAll, { halfOpenAfter: 5, breaker: new ConsecutiveBreaker(2) })
  reportCockatiel(rig.gt, breaker, TARGET)

  breaker.isolate().dispose()

  const [opened, closed] = await turns()
  expect(opened).toMatchObject({ from: 'closed', to: 'open', reason: 'held open by hand' })
  expect(opened).not.toHaveProperty('session')
  expect(opened).not.toHaveProperty('retestAt')
  expect(closed).toMatchObject({ from: 'open', to: 'closed', reason: 'let go by hand' })
})

test('turns of a breaker of opossum are told in the session that caused them', async () => {
  const breaker = new OpossumBreaker(pay, { resetTimeout: 20, errorThresholdPercentage: 50, volumeThreshold: 2 })
  const listening = (): number[] => breaker.eventNames().map((event) => breaker.listenerCount(event))
  const before = listening()
  const end = reportOpossum(rig.gt, breaker, TARGET, { resetTimeoutMs: 20 })
  const [harmed, retest] = [rig.gt.session(), rig.gt.session()]

  for (let i = 0; i < 2; i++) await inSession(harmed, () => breaker.fire())
  await until(() => breaker.halfOpen)
  works = true
  await inSession(retest, () => breaker.fire())

  const [opened, tried, closed, ...more] = await turns()
  expect(opened).toMatchObject({ span: harmed.span, target: TARGET, from: 'closed', to: 'open', failures: 2, reason: 'card reader is off' })
  expect(opened?.['retestAt']).toEqual(expect.any(Number))
  expect(tried).toMatchObject({ span: harmed.span, from: 'open', to: 'half_open' })
  expect(closed).toMatchObject({ span: retest.span, from: 'half_open', to: 'closed', failures: 0 })
  expect(more).toEqual([])
  end()
  expect(listening()).toEqual(before)
  breaker.shutdown()
})
