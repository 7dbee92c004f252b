import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface ProcessSpec {
  name: string
  /** Absolute path of the program. */
  file: string
  args?: string[]
  env: Record<string, string>
  /** Absolute paths of modules to load before the program. */
  preload?: string[]
  /** Sends one message when it is ready; default true. Otherwise `start` does not wait. */
  announcesReady?: boolean
}

interface Running {
  spec: ProcessSpec
  child: ChildProcess
  exited: Promise<void>
}

const STOP_GRACE_MS = 4_000

/** The processes of the demo, by name. One that ends without having been told to is reported through `onUnexpectedExit`. */
export class Processes {
  readonly #running = new Map<string, Running>()
  readonly #onUnexpectedExit: (name: string, how: string) => void

  constructor(onUnexpectedExit: (name: string, how: string) => void) {
    this.#onUnexpectedExit = onUnexpectedExit
  }

  /** Starts a process and waits until it says that it is ready. */
  async start(spec: ProcessSpec): Promise<void> {
    const child = spawn(
      process.execPath,
      [...(spec.preload ?? []).flatMap((file) => ['--import', file]), spec.file, ...(spec.args ?? [])],
      {
        env: { ...process.env, ...spec.env },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        // Its own group: Ctrl-C reaches the launcher alone, which then stops all in order.
        detached: true,
      },
    )
    printLines(child, spec.name)
    const exited = new Promise<void>((resolve) => {
      child.once('exit', (code, signal) => {
        resolve()
        if (this.#running.get(spec.name)?.child !== child) return
        this.#running.delete(spec.name)
        this.#onUnexpectedExit(spec.name, signal ?? `exit code ${code}`)
      })
    })
    this.#running.set(spec.name, { spec, child, exited })
    if (spec.announcesReady === false) return
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve())
      child.once('error', reject)
      child.once('exit', (code, signal) => reject(new Error(`${spec.name} ended before it was ready (${signal ?? `exit code ${code}`})`)))
    })
  }

  /** kill -9: the process gets no chance to say anything. */
  async kill(name: string): Promise<ProcessSpec | undefined> {
    return this.#end(name, 'SIGKILL')
  }

  /** Asks a process to end, insists after a few seconds, and waits until it is gone. */
  async stop(name: string): Promise<ProcessSpec | undefined> {
    return this.#end(name, 'SIGTERM')
  }

  /** Sends a message to the process, if it runs. */
  tell(name: string, message: object): void {
    this.#running.get(name)?.child.send(message)
  }

  pidsOf(specs: ProcessSpec[]): (number | undefined)[] {
    return specs.map(({ name }) => this.#running.get(name)?.child.pid)
  }

  names(): string[] {
    return [...this.#running.keys()]
  }

  async stopAll(names: string[] = this.names()): Promise<void> {
    await Promise.all(names.map((name) => this.stop(name)))
  }

  async #end(name: string, signal: NodeJS.Signals): Promise<ProcessSpec | undefined> {
    const running = this.#running.get(name)
    if (!running) return undefined
    this.#running.delete(name)
    running.child.kill(signal)
    const insist = setTimeout(() => running.child.kill('SIGKILL'), STOP_GRACE_MS)
    await running.exited
    clearTimeout(insist)
    return running.spec
  }
}

function printLines(child: ChildProcess, name: string): void {
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on('line', (line) => process.stderr.write(`${name}: ${line}\n`))
  }
}
