import { isMainThread } from 'node:worker_threads'
import type { Hooks } from '../platform.js'

const KEY = Symbol.for('groundtrack.exit')
const WITHIN_MS = 2_000
const SIGNALS = ['SIGTERM', 'SIGINT'] as const

interface ExitWatch {
  hooks: Set<Hooks>
  uninstall: () => void
}

/**
 * Calls the hooks when the process is about to end, and leaves its end as it is. One set of listeners a process, also when the
 * package is loaded twice. On a signal that the host listens to, ours steps aside: the host decides how to end, and code
 * that counts listeners to see whether it is alone counts right.
 */
export function watchExit(hooks: Hooks): () => void {
  const shared = globalThis as { [KEY]?: ExitWatch }
  const watch = (shared[KEY] ??= install())
  watch.hooks.add(hooks)
  return () => {
    watch.hooks.delete(hooks)
    if (watch.hooks.size > 0 || shared[KEY] !== watch) return
    watch.uninstall()
    delete shared[KEY]
  }
}

function install(): ExitWatch {
  const hooks = new Set<Hooks>()
  const stopSignals = isMainThread ? watchSignals(hooks) : () => {}
  let tried = false
  const onBeforeExit = (): void => {
    if (tried || !isPending(hooks)) return
    tried = true
    void flushAll(hooks).then((done) => (tried = !done))
  }
  const onExit = (): void => {
    for (const hook of hooks) hook.lastWords()
  }
  const onCrash = (error: unknown, origin: string): void => {
    for (const hook of hooks) hook.crashed(error, origin)
  }
  process.on('beforeExit', onBeforeExit)
  process.on('exit', onExit)
  process.on('uncaughtExceptionMonitor', onCrash)
  const uninstall = (): void => {
    stopSignals()
    process.off('beforeExit', onBeforeExit)
    process.off('exit', onExit)
    process.off('uncaughtExceptionMonitor', onCrash)
  }
  return { hooks, uninstall }
}

function watchSignals(hooks: ReadonlySet<Hooks>): () => void {
  let flushing = false
  function onSignal(signal: NodeJS.Signals): void {
    const end = (): void => {
      stop()
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
    }
    // Whoever asks twice doesn't want to wait.
    if (flushing) return end()
    flushing = true
    void flushAll(hooks).then(end, end)
  }
  const listen = (signal: (typeof SIGNALS)[number]): void => {
    if (process.listenerCount(signal) === 0) process.on(signal, onSignal)
  }
  const onNewListener = (event: string | symbol, listener: unknown): void => {
    const signal = SIGNALS.find((name) => name === event)
    if (signal === undefined || listener === onSignal) return
    // The listener is added after this event; were ours removed now, Node would stop listening to the signal at all.
    process.nextTick(() => {
      if (process.listenerCount(signal) > 1) process.off(signal, onSignal)
    })
  }
  const onRemoveListener = (event: string | symbol, listener: unknown): void => {
    const signal = SIGNALS.find((name) => name === event)
    if (signal !== undefined && listener !== onSignal) listen(signal)
  }
  function stop(): void {
    process.off('newListener', onNewListener)
    process.off('removeListener', onRemoveListener)
    for (const signal of SIGNALS) process.off(signal, onSignal)
  }
  for (const signal of SIGNALS) listen(signal)
  process.on('newListener', onNewListener)
  process.on('removeListener', onRemoveListener)
  return stop
}

function isPending(hooks: ReadonlySet<Hooks>): boolean {
  return [...hooks].some((hook) => hook.pending())
}

async function flushAll(hooks: ReadonlySet<Hooks>): Promise<boolean> {
  const done = await Promise.all([...hooks].map((hook) => hook.flush(WITHIN_MS)))
  return done.every((one) => one === true)
}
