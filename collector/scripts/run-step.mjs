// Runs one program of the preparation, quietly: its output is shown only when it fails.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const TELL_EVERY_MS = 10_000

/** `what` is said with the seconds that have passed. Rejects with the program's output. */
export function runStep(what, args, cwd, env = process.env) {
  return new Promise((resolve, reject) => {
    const startedAt = Date.now()
    const seconds = () => Math.round((Date.now() - startedAt) / 1000)
    const isTerminal = process.stdout.isTTY
    const tell = () => process.stdout.write(isTerminal ? `\r${what} … ${seconds()} s` : `${what} … ${seconds()} s\n`)
    tell()
    const timer = setInterval(tell, isTerminal ? 1_000 : TELL_EVERY_MS)

    const child = spawn(process.execPath, args, { cwd: fileURLToPath(cwd), env, stdio: ['ignore', 'pipe', 'pipe'] })
    const stopChild = (signal) => {
      child.kill(signal)
      process.exit(1)
    }
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stopChild)
    let output = ''
    const collect = (chunk) => {
      output += chunk
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.on('error', reject)
    child.on('close', (code) => {
      clearInterval(timer)
      for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, stopChild)
      process.stdout.write(isTerminal ? `\r${what}: ${seconds()} s      \n` : `${what}: done after ${seconds()} s\n`)
      if (code === 0) resolve(output)
      else reject(new Error(`${what} failed.\n${output.trim()}`))
    })
  })
}
