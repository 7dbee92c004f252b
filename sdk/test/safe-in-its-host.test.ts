import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FaultServer } from './fault-server.js'

const ROOM = fileURLToPath(new URL('..', import.meta.url))
const PROGRAM = fileURLToPath(new URL('host-program.mjs', import.meta.url))
const SDK = new URL('../dist/esm/index.js', import.meta.url).href
/** What the SDK may take in each process or thread, and what starting and scheduling processes on a busy machine may add. */
const MAX_LONGER_MS = 2_000
const MACHINE_MS = 8_000

interface End {
  code: number | null
  signal: string | null
  stderr: string
}

beforeAll(() => {
  const build = spawnSync('npm', ['run', 'build'], { cwd: ROOM, encoding: 'utf8' })
  expect(build.status, build.stdout + build.stderr).toBe(0)
}, 120_000)

/** Runs the program to its end; sends the signal, if any, once it is ready. */
function run(way: string, url: string, signal: NodeJS.Signals | undefined): Promise<End & { tookMs: number }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [PROGRAM, way, url, SDK], { stdio: ['ignore', 'pipe', 'pipe'] })
    let stderr = ''
    let readyMs = performance.now()
    child.stderr.on('data', (chunk: Buffer) => (stderr += String(chunk)))
    child.stdout.once('data', () => {
      readyMs = performance.now()
      if (signal !== undefined) child.kill(signal)
    })
    child.once('close', (code, by) => resolve({ code, signal: by, stderr, tookMs: performance.now() - readyMs }))
  })
}

/** [way to end, signal, whether its last words must arrive at a collector that works] */
const WAYS: readonly (readonly [string, NodeJS.Signals | undefined, boolean])[] = [
  ['ends by itself', undefined, true],
  ['sets an exit code', undefined, true],
  ['calls process.exit', undefined, true],
  ['calls process.exit before anything was sent', undefined, false],
  ['throws', undefined, true],
  ['leaves a rejection unhandled', undefined, true],
  ['never settles', undefined, true],
  ['awaits the stop at its end', undefined, true],
  ['waits for a signal', 'SIGTERM', true],
  ['waits for a signal', 'SIGINT', true],
  ['waits for a signal', 'SIGHUP', false],
  ['exits on a signal by itself', 'SIGTERM', true],
  ['ends gracefully on a signal', 'SIGTERM', true],
  ['passes the signal on when it listens alone', 'SIGTERM', false],
  ['ignores a signal, then exits', 'SIGTERM', true],
  ['has a worker that ends', undefined, true],
  ['has a worker that exits', undefined, true],
  ['has a worker that throws', undefined, true],
  ['has a cluster that waits for a signal', undefined, true],
]

/** How often a process watched the nodes of its collector. */
let watches = 0
afterAll(() => expect(watches).toBeGreaterThan(WAYS.length / 2))

describe('a host ends with the SDK as it ends without', () => {
  test.each(WAYS)('%s, %s', { timeout: 60_000 }, async (way, signal, lastWords) => {
    const [working, hanging, absent] = await Promise.all([new FaultServer().start(), new FaultServer().start(), new FaultServer().start()])
    hanging.fault = 'hang'
    for (const server of [working, hanging])
      server.nodes.push({ id: 'a', service: 'payments', version: '1.0', environment: 'sandbox', address: 'http://10.0.0.9:8080' })
    await absent.stop()

    const urls = ['none', working.url, hanging.url, absent.url]
    const [without, ...ends] = await Promise.all(urls.map((url) => run(way, url, signal)))
    if (without === undefined) throw new Error('nothing ran')
    await Promise.all([working.stop(), hanging.stop()])

    const expected: End = { code: without.code, signal: without.signal, stderr: without.stderr }
    for (const { tookMs, ...end } of ends) {
      expect(end).toEqual(expected)
      expect(tookMs - without.tookMs).toBeLessThan((way.startsWith('has a ') ? 2 : 1) * MAX_LONGER_MS + MACHINE_MS)
    }
    const messages = working.stored.map(({ message }) => message)
    const speakers = way.startsWith('has a ') ? 2 : 1
    watches += working.watches
    if (lastWords) expect(messages.filter((message) => message === 'last words')).toHaveLength(speakers)
    if (way === 'throws')
      expect(working.stored.at(-1)).toMatchObject({ level: 'critical', category: 'process', message: 'thrown by the host' })
    if (way === 'leaves a rejection unhandled')
      expect(working.stored.at(-1)).toMatchObject({
        level: 'critical',
        message: 'rejected by the host',
        attributes: { origin: 'unhandledRejection' },
      })
  })
})
