import { spawn } from 'node:child_process'

/** The account PostgreSQL runs under; undefined is our own. */
export interface Account {
  name: string
  uid: number
  gid: number
}

export interface RunOptions {
  account?: Account | undefined
  /** A folder that the account may enter. */
  cwd: string
  timeoutMs: number
}

export interface RunResult {
  code: number | null
  /** Standard output and error together, at most 16 KiB. */
  output: string
}

const MAX_OUTPUT = 16_384

/**
 * Runs a PostgreSQL program to its end, in a session of its own: Ctrl-C in the terminal must not reach the server.
 * Rejects only when the program can't be started.
 */
export function run(command: string, args: string[], { account, cwd, timeoutMs }: RunOptions): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      detached: true,
      timeout: timeoutMs,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: cleanEnvironment(account),
      ...(account && { uid: account.uid, gid: account.gid }),
    })
    let output = ''
    const collect = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-MAX_OUTPUT)
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output: output.trim() }))
  })
}

// PG… variables of the user's shell would steer initdb and pg_ctl; messages are read by us, so they are in English.
function cleanEnvironment(account: Account | undefined): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('PG') && !name.startsWith('LC_') && name !== 'LANG')
  return { ...Object.fromEntries(kept), LC_ALL: 'C', ...(account && { HOME: '/', USER: account.name, LOGNAME: account.name }) }
}
