import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface RunningDemo {
  child: ChildProcess
  /** When the launcher was started, on performance.now()'s clock. */
  startedAt: number
  output: () => string
  /** Resolves with the exit code once the launcher is gone. */
  exited: Promise<number | null>
  stop: () => Promise<number | null>
}

const LAUNCHER = fileURLToPath(new URL('../../dist/demo/main.js', import.meta.url))

/** Starts the demo against a collector that runs. */
export function startDemo(collectorUrl: string, ...args: string[]): RunningDemo {
  const startedAt = performance.now()
  const child = spawn(process.execPath, [LAUNCHER, ...args], {
    env: { ...process.env, GROUNDTRACK_URL: collectorUrl },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return {
    child,
    startedAt,
    output: () => text,
    exited,
    stop: () => {
      child.kill('SIGTERM')
      return exited
    },
  }
}
