// Runs one step of the preparation, quietly: its output is shown only when it fails.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const TELL_EVERY_MS = 10_000

/** Runs the commands (arguments of node) one after another and says `what`, with the seconds that pass. Rejects with their output. */
export async function runStep(what, commands, cwd, env = process.env) {
  const startedAt = Date.now()
  const isTerminal = process.stdout.isTTY
  const say = (how) => process.stdout.write(isTerminal ? `\r${what} ${how}   ` : `${what} ${how}\n`)
  const seconds = () => `${Math.round((Date.now() - startedAt) / 1000)} s`
  say('…')
  const timer = setInterval(() => say(`… ${seconds()}`), isTerminal ? 1_000 : TELL_EVERY_MS)
  try {
    for (const args of commands) await runNode(args, fileURLToPath(cwd), env)
    say(`took ${seconds()}`)
  } catch (error) {
    throw new Error(`${what} failed.\n${error.message}`, { cause: error })
  } finally {
    clearInterval(timer)
    if (isTerminal) process.stdout.write('\n')
  }
}

function runNode(args, cwd, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const stop = (signal) => {
      child.kill(signal)
      process.exit(1)
    }
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop)
    let output = ''
    const collect = (chunk) => {
      output += chunk
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.on('error', reject)
    child.on('close', (code) => {
      for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, stop)
      if (code === 0) resolve()
      else reject(new Error(output.trim()))
    })
  })
}
