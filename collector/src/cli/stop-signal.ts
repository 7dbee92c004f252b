/** Signals within this time are one: a terminal's Ctrl-C reaches us directly and once more through npm. */
const SAME_MS = 500

export interface StopSignal {
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP. */
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
  return { signal: controller.signal, asked, request: () => controller.abort() }
}
