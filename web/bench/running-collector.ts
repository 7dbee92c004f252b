import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const READY_WITHIN_MS = 60_000

export interface RunningCollector {
  url: string
  stop(): Promise<void>
}

/** The built collector as a process of its own, with an embedded PostgreSQL in a folder that goes with it. */
export async function startCollector(): Promise<RunningCollector> {
  const folder = mkdtempSync(join(tmpdir(), 'groundtrack-bench-'))
  chmodSync(folder, 0o755) // as root, PostgreSQL runs as another user, who must be able to enter
  const port = await findFreePort()
  const child = spawn(process.execPath, [resolve('collector/dist/main.js')], {
    env: {
      PATH: process.env['PATH'],
      GROUNDTRACK_PORT: String(port),
      GROUNDTRACK_DATA_DIR: join(folder, 'data'),
      GROUNDTRACK_LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const stop = async (): Promise<void> => {
    await end(child)
    rmSync(folder, { recursive: true, force: true })
  }
  const url = `http://127.0.0.1:${port}`
  try {
    await untilReady(child, url)
  } catch (error) {
    await stop()
    throw error
  }
  return { url, stop }
}

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the collector ended with code ${child.exitCode}`)
    if (
      await fetch(`${url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return
    await delay(100)
  }
  throw new Error(`the collector was not ready within ${READY_WITHIN_MS} ms`)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise((done) => child.once('exit', done))
  child.kill('SIGTERM')
  await exited
}

async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return port
}
