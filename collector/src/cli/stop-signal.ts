/** Signals within this time are one: a terminal's Ctrl-C reaches us directly and once more through npm. */
const SAME_MS = 500
const PARENT_CHECK_MS = 200

export interface StopSignal {
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP, or when npm, which started us, ends. */
  readonly signal: AbortSignal
  /** Resolves when stopping was asked for. */
  readonly asked: Promise<void>
  request(): void
}

/** The first signal asks to stop in order; a second one, later, ends the process at once. */
export function onStopSignal(): StopSignal {
  const controller = new AbortController()
  const asked = new Promise<void>((resolve) => controller.signal.addEventListener('abort', () => resolve(), { once: true }))
  let firstAt = 0
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted && performance.now() - firstAt > SAME_MS) process.exit(1)
      if (!controller.signal.aborted) firstAt = performance.now()
      controller.abort()
    })
  }
  if (process.env['npm_execpath']) followParent(() => controller.abort())
  return { signal: controller.signal, asked, request: () => controller.abort() }
}

// npx puts a shell between itself and us: SIGTERM to npx ends that shell and never reaches us.
function followParent(onGone: () => void): void {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    onGone()
  }, PARENT_CHECK_MS)
  timer.unref()
}
