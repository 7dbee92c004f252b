import type { Platform } from '../platform/platform.js'

export interface CallLimit {
  signal: AbortSignal
  /** Rejects when the signal aborts, with its reason. */
  aborted: Promise<never>
  end: () => void
}

/** A signal that aborts with `late()` in `inMs`, and with `outer` for its reason. */
export function limitCall(
  { schedule }: Pick<Platform, 'schedule'>,
  inMs: number | undefined,
  outer: AbortSignal | undefined,
  late: () => Error,
): CallLimit {
  const controller = new AbortController()
  const { signal } = controller
  const follow = (): void => controller.abort(outer?.reason)
  const timer = inMs === undefined ? undefined : schedule(inMs, () => controller.abort(late()))
  const aborted = new Promise<never>((_, reject) => {
    // A host may abort with anything, and is told just that.
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  // It may be that nobody races against it any more.
  aborted.catch(() => {})
  if (outer?.aborted === true) follow()
  else outer?.addEventListener('abort', follow, { once: true })
  return {
    signal,
    aborted,
    end() {
      timer?.cancel()
      outer?.removeEventListener('abort', follow)
    },
  }
}
