import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

export interface CollectorProcess {
  /** Ends it as a crash does, and returns once it is gone. */
  crash(): Promise<void>
  /** Asks it to stop; answers its exit code. */
  stop(): Promise<number | null>
}

const START_TIMEOUT_MS = 30_000

/** Starts the built collector in `main` and returns once it is ready. */
export async function startCollector(main: string, databaseUrl: string, port: number): Promise<CollectorProcess> {
  const child = spawn(process.execPath, [main], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      GROUNDTRACK_DATABASE_URL: databaseUrl,
      GROUNDTRACK_PORT: String(port),
      GROUNDTRACK_LOG_LEVEL: 'fatal',
    },
  })
  const gone = once(child, 'exit')
  await waitUntilReady(child)
  return {
    async crash() {
      child.kill('SIGKILL')
      await gone
    },
    async stop() {
      child.kill('SIGTERM')
      const [code] = (await gone) as [number | null]
      return code
    },
  }
}

function waitUntilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let printed = ''
    const timer = setTimeout(() => reject(new Error(`The collector was not ready in time.\n${printed}`)), START_TIMEOUT_MS)
    const read = (chunk: Buffer) => {
      printed += chunk.toString()
      if (!printed.includes('Groundtrack is ready')) return
      clearTimeout(timer)
      resolve()
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('exit', (code) => reject(new Error(`The collector ended with ${code}.\n${printed}`)))
  })
}
