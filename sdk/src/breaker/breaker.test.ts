import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { abandon, admit, allows, CLOSED, fail, succeed, type BreakerRules, type BreakerState, type Step, type Turn } from './breaker.js'

const RULES: BreakerRules = { failures: 3, openMs: 30_000 }

/** A breaker in simulated time. */
class Run {
  state: BreakerState = CLOSED
  nowMs = 1_000
  readonly turns: Turn[] = []
  readonly rules: BreakerRules

  constructor(rules: BreakerRules = RULES) {
    this.rules = rules
  }

  get open(): boolean {
    return !allows(this.state, this.nowMs)
  }

  /** Sends a call, and answers its round. */
  send(): number {
    expect(this.open).toBe(false)
    this.#take(admit(this.state, this.nowMs, this.rules))
    return this.state.round
  }

  succeed(round: number): void {
    this.#take(succeed(this.state, round, this.nowMs, this.rules))
  }

  fail(round: number, reason = 'HTTP 503'): void {
    this.#take(fail(this.state, round, this.nowMs, reason, this.rules))
  }

  abandon(round: number): void {
    this.#take(abandon(this.state, round, this.nowMs))
  }

  #take({ state, turn }: Step): void {
    this.state = state
    if (turn !== undefined) this.turns.push(turn)
  }
}

describe('a breaker', () => {
  test('opens at the third failure in a row, and says why', () => {
    const run = new Run()
    for (let i = 0; i < 3; i++) run.fail(run.send(), `HTTP 50${i}`)

    expect(run.open).toBe(true)
    expect(run.turns).toEqual([{ from: 'closed', to: 'open', failures: 3, reason: 'HTTP 502', retestInMs: 30_000 }])
  })

  test('lets one call through 30 s after the last failure, and closes when that succeeds', () => {
    const run = new Run()
    for (let i = 0; i < 3; i++) run.fail(run.send())
    run.nowMs += 29_999
    expect(run.open).toBe(true)
    run.nowMs += 1

    const retest = run.send()
    expect(run.open).toBe(true)
    run.succeed(retest)

    expect(run.open).toBe(false)
    expect(run.turns.map(({ from, to }) => `${from} ${to}`)).toEqual(['closed open', 'open half_open', 'half_open closed'])
  })

  test('opens again, for as long, when the retest fails', () => {
    const run = new Run()
    for (let i = 0; i < 3; i++) run.fail(run.send())
    run.nowMs += 30_000
    run.fail(run.send(), 'still dead')
    run.nowMs += 29_999

    expect(run.open).toBe(true)
    expect(run.turns.at(-1)).toEqual({ from: 'half_open', to: 'open', failures: 4, reason: 'still dead', retestInMs: 30_000 })
  })

  test('does not stay half open for ever when nobody hears of the retest again', () => {
    const run = new Run()
    for (let i = 0; i < 3; i++) run.fail(run.send())
    run.nowMs += 30_000
    const lost = run.send()
    run.nowMs += 30_000
    const next = run.send()
    run.fail(lost, 'too late to count')
    expect(run.turns.map(({ to }) => to)).toEqual(['open', 'half_open'])

    run.succeed(next)

    expect(run.turns.map(({ to }) => to)).toEqual(['open', 'half_open', 'closed'])
  })

  test('lets the next call be the retest when one was given up', () => {
    const run = new Run()
    for (let i = 0; i < 3; i++) run.fail(run.send())
    run.nowMs += 30_000
    run.abandon(run.send())

    expect(run.open).toBe(false)
    run.succeed(run.send())
    expect(run.turns.at(-1)).toMatchObject({ from: 'half_open', to: 'closed' })
  })

  test('by error rate, opens at the share of failures among enough calls of the window, and forgets older ones', () => {
    const run = new Run({ ...RULES, errorRate: { share: 0.5, minCalls: 4, windowMs: 10_000 } })
    for (let i = 0; i < 3; i++) run.fail(run.send())
    expect(run.open).toBe(false)
    run.nowMs += 11_000
    for (let i = 0; i < 3; i++) run.succeed(run.send())
    for (let i = 0; i < 2; i++) run.fail(run.send())
    expect(run.open).toBe(false)

    run.fail(run.send(), 'half of six')

    expect(run.turns).toEqual([{ from: 'closed', to: 'open', failures: 3, reason: 'half of six', retestInMs: 30_000 }])
  })
})

/** What a breaker of failures in a row ought to do, told without rounds: each call remembers the turn that it was sent after. */
interface Model {
  position: 'closed' | 'open' | 'half_open'
  failures: number
  lastFailureMs: number
  turns: string[]
  calls: Call[]
  /** The retest that counts, and since when; undefined once it was given up. */
  retest: { call: Call; sentMs: number } | undefined
}

interface Call {
  sentAfter: number
  round: number
  retests: boolean
}

const isAllowed = ({ position, lastFailureMs, retest }: Model, nowMs: number): boolean => {
  if (position === 'closed') return true
  if (position === 'open') return nowMs >= lastFailureMs + RULES.openMs
  return retest === undefined || nowMs >= retest.sentMs + RULES.openMs
}

const turn = (model: Model, to: Model['position']): void => {
  model.turns.push(`${model.position} ${to}`)
  model.position = to
  model.retest = undefined
}

class Pass implements fc.Command<Model, Run> {
  readonly ms: number
  constructor(ms: number) {
    this.ms = ms
  }
  check = (): boolean => true
  run(model: Model, real: Run): void {
    real.nowMs += this.ms
    expect(real.open).toBe(!isAllowed(model, real.nowMs))
  }
  toString = (): string => `pass ${this.ms}`
}

class Send implements fc.Command<Model, Run> {
  check = (): boolean => true
  run(model: Model, real: Run): void {
    expect(real.open).toBe(!isAllowed(model, real.nowMs))
    if (real.open) return
    if (model.position === 'open') turn(model, 'half_open')
    const call = { sentAfter: model.turns.length, round: real.send(), retests: model.position === 'half_open' }
    if (call.retests) model.retest = { call, sentMs: real.nowMs }
    model.calls.push(call)
  }
  toString = (): string => 'send'
}

class End implements fc.Command<Model, Run> {
  readonly which: number
  readonly how: 'succeed' | 'fail' | 'abandon'
  constructor(which: number, how: 'succeed' | 'fail' | 'abandon') {
    this.which = which
    this.how = how
  }
  check = ({ calls }: Readonly<Model>): boolean => calls.length > 0
  run(model: Model, real: Run): void {
    const [call] = model.calls.splice(this.which % model.calls.length, 1)
    if (call === undefined) return
    real[this.how](call.round)
    const { position } = model
    if (position === 'open' && this.how === 'fail') model.lastFailureMs = real.nowMs
    if (position === 'closed' && call.sentAfter === model.turns.length) {
      if (this.how === 'succeed') model.failures = 0
      if (this.how === 'fail' && ++model.failures === RULES.failures) {
        model.lastFailureMs = real.nowMs
        turn(model, 'open')
      }
    }
    if (position === 'half_open' && model.retest?.call === call) {
      if (this.how === 'abandon') model.retest = undefined
      else {
        model.failures = 0
        if (this.how === 'fail') model.lastFailureMs = real.nowMs
        turn(model, this.how === 'fail' ? 'open' : 'closed')
      }
    }
    expect(real.state.position).toBe(model.position)
    expect(real.open).toBe(!isAllowed(model, real.nowMs))
    expect(real.turns.map(({ from, to }) => `${from} ${to}`)).toEqual(model.turns)
  }
  toString = (): string => `${this.how} ${this.which}`
}

test('does what it ought to in any course of calls and time', () => {
  const commands = fc.commands(
    [
      fc.constantFrom(1, 500, 10_000, 29_999, 30_000, 90_000).map((ms) => new Pass(ms)),
      fc.constant(new Send()),
      fc.constant(new Send()),
      fc.tuple(fc.nat(20), fc.constantFrom('succeed', 'fail', 'fail', 'abandon' as const)).map(([which, how]) => new End(which, how)),
      fc.tuple(fc.nat(20), fc.constantFrom('fail', 'fail', 'fail', 'succeed' as const)).map(([which, how]) => new End(which, how)),
    ],
    { maxCommands: 60, size: 'max' },
  )
  const property = fc.property(commands, (course) => {
    const model: Model = { position: 'closed', failures: 0, lastFailureMs: 0, turns: [], calls: [], retest: undefined }
    fc.modelRun(() => ({ model, real: new Run() }), course)
  })
  fc.assert(property, { numRuns: 2_000 })
})
