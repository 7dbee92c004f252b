import { once } from 'node:events'
import { describeTerminal, paint, type Terminal } from './terminal.js'

/** Where a command writes. Aborted by Ctrl-C, or when the reader at the end of the pipe has gone. */
export interface Output {
  terminal: Terminal
  signal: AbortSignal
  /** One line; waits while the reader doesn't keep up. */
  write(line: string): Promise<void>
  /** A word beside the output, for people only. */
  note(text: string): void
}

export function openOutput(env: NodeJS.ProcessEnv, isRaw: boolean): Output {
  const { stdout, stderr } = process
  const ended = new AbortController()
  const terminal = describeTerminal(stdout, env, isRaw)
  const beside = describeTerminal(stderr, env, isRaw)
  // A reader such as `head` that has seen enough is no failure.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    ended.abort()
  })
  process.once('SIGINT', () => {
    process.exitCode = 130
    ended.abort()
  })
  process.once('SIGTERM', () => {
    process.exitCode = 143
    ended.abort()
  })
  return {
    terminal,
    signal: ended.signal,
    async write(line) {
      if (ended.signal.aborted || stdout.write(`${line}\n`)) return
      await once(stdout, 'drain', { signal: ended.signal }).catch(() => {})
    },
    note(text) {
      if (stderr.isTTY) stderr.write(`${paint(beside, 'gray', `groundtrack: ${text}`)}\n`)
    },
  }
}
