import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Processes } from './processes.js'

const DEFAULT_URL = 'http://127.0.0.1:4318'
const READY_WITHIN_MS = 120_000
const POLL_MS = 100

/** The URL of a collector that is ready: the one that runs already, else one started here (and stopped with the demo). */
export async function joinOrStartCollector(processes: Processes, say: (line: string) => void, signal: AbortSignal): Promise<string> {
  const url = (process.env['GROUNDTRACK_URL'] ?? DEFAULT_URL).replace(/\/$/, '')
  if (await isReady(url)) {
    say(`Joined the collector at ${url}`)
    return url
  }
  const { hostname, port, protocol } = new URL(url)
  if (protocol !== 'http:' || !['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) {
    throw new Error(`No collector answers at ${url}. Start it there, or unset GROUNDTRACK_URL to have one started here.`)
  }
  say('No collector runs yet: starting one …')
  await startCollector(processes, port || '80')
  const deadline = performance.now() + READY_WITHIN_MS
  while (!(await isReady(url))) {
    if (performance.now() > deadline)
      throw new Error(`The collector did not become ready within ${READY_WITHIN_MS / 1_000} s; see its lines above.`)
    await delay(POLL_MS, undefined, { signal })
  }
  return url
}

async function startCollector(processes: Processes, port: string): Promise<void> {
  await processes.start({
    name: 'collector',
    file: fileURLToPath(new URL('../../../collector/dist/main.js', import.meta.url)),
    preload: [fileURLToPath(new URL('./follow-launcher.js', import.meta.url))],
    env: {
      GROUNDTRACK_PORT: port,
      GROUNDTRACK_DATA_DIR: process.env['GROUNDTRACK_DATA_DIR'] ?? fileURLToPath(new URL('../../../.groundtrack', import.meta.url)),
    },
    announcesReady: false,
  })
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok
  } catch {
    return false
  }
}
