import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface RunningCollector {
  url: string
  stop: () => Promise<void>
}

const MAIN = fileURLToPath(new URL('../../../collector/dist/main.js', import.meta.url))
const FOLLOW_LAUNCHER = fileURLToPath(new URL('../../dist/demo/follow-launcher.js', import.meta.url))
const READY_WITHIN_MS = 60_000

/** A temporary folder for databases. As root, PostgreSQL runs as another user, who must be able to enter it. */
export async function makeDataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'groundtrack-e2e-'))
  await chmod(folder, 0o755)
  return folder
}

/** Starts the built collector with its embedded PostgreSQL in `dataDir`. Ready when this resolves; gone when `stop` does. */
export async function startCollector(options: { port: number; dataDir: string }): Promise<RunningCollector> {
  for (const file of [MAIN, FOLLOW_LAUNCHER]) if (!existsSync(file)) throw new Error(`${file} is missing: run "npm run build" first`)
  const child = spawn(process.execPath, ['--import', FOLLOW_LAUNCHER, MAIN], {
    env: { ...withoutDatabase(process.env), GROUNDTRACK_PORT: String(options.port), GROUNDTRACK_DATA_DIR: options.dataDir },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  })
  const lines = collectLines(child)
  const url = `http://127.0.0.1:${options.port}`
  await untilReady(child, `${url}/readyz`, lines)
  return { url, stop: () => stop(child) }
}

function withoutDatabase({ GROUNDTRACK_DATABASE_URL: _1, DATABASE_URL: _2, ...env }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return env
}

function collectLines(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text = (text + chunk.toString()).slice(-8_000)))
  return () => text
}

/** Asks until the collector says that it is ready. Throws with the collector's own words when it ends or takes too long. */
async function untilReady(child: ChildProcess, url: string, lines: () => string): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`The collector ended with code ${child.exitCode}:\n${lines()}`)
    const ready = await fetch(url).then(
      (response) => response.ok,
      () => false,
    )
    if (ready) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  await stop(child)
  throw new Error(`The collector was not ready within ${READY_WITHIN_MS} ms:\n${lines()}`)
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await exited
}
