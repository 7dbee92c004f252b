import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { startDemo } from './support/demo.js'
import { expect, test } from './support/fixtures.js'
import { get, listSessions } from './support/query.js'

interface SessionView {
  session: { properties: Record<string, unknown>; outcome: string; derivedFrom?: string; derived: string[] }
  hops: { span: string; service: string; node: string; state: string; joinedTwice?: boolean; opened: string }[]
  calls: { status: string; span: string; target: { service?: string; address?: string } | null }[]
  nodes: { id: string; service: string; address?: string }[]
  missing: { from: number; to: number; state: string; reason?: string }[]
  clockSteps: { node: string; stepMs: number }[]
}

// Each looks for sessions that the demo makes again and again; the first of their kind come within half a minute.
const WITHIN = { timeout: 45_000 }
/** Eleven processes, twice at once, beside everything else that is tested. */
const OPEN_WITHIN = { timeout: 30_000 }

test.describe('the demo shows', () => {
  test.slow()

  const KINDS: { kind: string; q: string; holds: (view: SessionView) => boolean }[] = [
    {
      kind: 'a retry on the other payments node that succeeds',
      q: 'name:"POST /checkout" "trying another node" outcome:ok',
      holds: ({ hops }) => new Set(hops.filter(({ service }) => service === 'payments').map(({ node }) => node)).size === 2,
    },
    {
      kind: 'a checkout that fails because both bank lines broke',
      q: 'name:"POST /checkout" "no node is left" outcome:failed',
      holds: ({ hops }) =>
        new Set(hops.filter(({ service, state }) => service === 'payments' && state === 'failed').map(({ node }) => node)).size === 2,
    },
    {
      kind: 'a deadline that inventory spent',
      q: '"before the deadline" outcome:failed',
      holds: ({ calls }) => calls.some(({ status }) => status === 'timeout'),
    },
    {
      kind: 'one call joined twice',
      q: 'name:"POST /checkout" "asking once more"',
      holds: ({ hops }) => hops.filter(({ service, joinedTwice }) => service === 'inventory' && joinedTwice).length >= 2,
    },
    {
      kind: 'two calls at once',
      q: 'name:"GET /" outcome:ok',
      holds: ({ hops }) => ['storefront', 'cart', 'inventory'].every((name) => hops.some(({ service }) => service === name)),
    },
    {
      kind: 'a call that nobody waited for',
      q: 'name:"POST /checkout" "relay took the mail"',
      holds: ({ calls }) => calls.some(({ status }) => status === 'oneway'),
    },
    {
      kind: 'lines that a full buffer dropped',
      q: 'name:"check a pallet"',
      holds: ({ missing }) => missing.some(({ from, to, reason }) => reason === 'buffer_full' && to - from >= 100),
    },
    {
      kind: 'a session derived from another',
      q: 'name:"pack a parcel"',
      holds: ({ session }) => session.derivedFrom !== undefined && session.properties['shop:order'] !== undefined,
    },
    {
      kind: 'a session from which another is derived',
      q: 'name:"POST /checkout" service:warehouse',
      holds: ({ session }) => session.derived.length > 0,
    },
    {
      kind: 'a clock that is set by four seconds within a session',
      q: 'name:"pack a parcel" outcome:ok',
      holds: ({ clockSteps }) => clockSteps.some(({ stepMs }) => Math.abs(Math.abs(stepMs) - 4_000) < 500),
    },
    {
      kind: 'a call that is never answered',
      q: 'name:"pack a parcel" "waits at the gate"',
      holds: ({ calls }) => calls.some(({ status, target }) => target?.service === 'carrier' && status === 'unanswered'),
    },
    {
      kind: 'silent work that is running',
      q: 'name:"recount by hand"',
      holds: ({ session, hops }) => session.outcome === 'running' && hops.every(({ state }) => state === 'running'),
    },
  ]
  for (const { kind, q, holds } of KINDS) {
    test(kind, async ({ busy }) => {
      await expect(async () => {
        const sessions = await listSessions(busy, q)
        const views = await Promise.all(sessions.slice(0, 10).map(({ id }) => get<SessionView>(busy, `/api/v1/sessions/${id}`)))
        expect(views.some(holds)).toBe(true)
      }).toPass(WITHIN)
    })
  }

  test('a clock that is five seconds ahead', async ({ busy }) => {
    await expect(async () => {
      const sessions = await listSessions(busy, 'name:"GET /" outcome:ok')
      const views = await Promise.all(sessions.slice(0, 20).map(({ id }) => get<SessionView>(busy, `/api/v1/sessions/${id}`)))
      expect(Math.max(...views.map(cartAheadMs))).toBeGreaterThan(4_900)
    }).toPass(WITHIN)
  })
})

test('stops by itself, cleanly, and leaves no process behind', async ({ quiet }) => {
  const demo = startDemo(quiet, '--for', '2s', '--rate', '2')
  await expect.poll(() => childrenOf(demo.child.pid).length, OPEN_WITHIN).toBeGreaterThanOrEqual(10)
  const children = childrenOf(demo.child.pid)

  expect(await demo.exited).toBe(0)

  expect(demo.output()).toContain('The shop is open')
  expect(children.filter(isAlive)).toEqual([])
})

test('takes its processes and its folder along when it is killed', async ({ quiet }) => {
  const demo = startDemo(quiet, '--rate', '2')
  await expect.poll(() => demo.output(), OPEN_WITHIN).toContain('The shop is open')
  const children = childrenOf(demo.child.pid)
  expect(children.length).toBeGreaterThanOrEqual(10)
  expect(foldersOf(demo.child.pid)).toHaveLength(1)

  demo.child.kill('SIGKILL')

  await expect.poll(() => children.filter(isAlive)).toEqual([])
  expect(foldersOf(demo.child.pid)).toEqual([])
})

test('explains its options, and refuses what it does not know', async ({ quiet }) => {
  const help = startDemo(quiet, '--help')
  expect(await help.exited).toBe(0)
  expect(help.output()).toContain('--rate')

  const wrong = startDemo(quiet, '--rate', 'fast')
  expect(await wrong.exited).toBe(2)
  expect(wrong.output()).toContain('--rate takes a number')
})

/** How far the opening of a cart's step lies after its caller's, in raw time. */
function cartAheadMs({ hops }: SessionView): number {
  const opened = (name: string): number => Date.parse(hops.find(({ service }) => service === name)?.opened ?? '')
  return opened('cart') - opened('storefront')
}

function foldersOf(pid: number | undefined): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith(`groundtrack-demo-${pid}-`))
}

function childrenOf(pid: number | undefined): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((each) => parentOf(each) === pid)
}

/** undefined for a process that is gone, or dead and only waits to be reaped. */
function parentOf(pid: number): number | undefined {
  try {
    const [state, parent] = (readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1] ?? '').split(' ')
    return state === 'Z' ? undefined : Number(parent)
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  return parentOf(pid) !== undefined
}
