import { createContext, useContext, useEffect, useMemo, useSyncExternalStore } from 'react'

const TICK_MS = 1_000

/** What time it is for the collector: the instant it gave last, carried on by this machine's clock. Whole seconds. */
export interface ServerClock {
  subscribe: (onTick: () => void) => () => void
  nowMs: () => number
}

interface SettableClock extends ServerClock {
  /** The collector said `asOf`, and its answer came at `receivedMs` of Date.now(). */
  set: (asOfMs: number, receivedMs: number) => void
}

/** Nobody told the time yet: this machine's own. */
const OWN: ServerClock = startClock(Date.now)

export const ServerClockContext = createContext<ServerClock>(OWN)

/** A clock that follows an answer's `asOf`; for ServerClockContext. */
export function useClockOf(asOf: string | undefined, receivedMs: number): ServerClock {
  const clock = useMemo(() => startClock(Date.now), [])
  useEffect(() => {
    if (asOf !== undefined) clock.set(Date.parse(asOf), receivedMs)
  }, [clock, asOf, receivedMs])
  return clock
}

/** The collector's now in epoch milliseconds; whoever uses it is drawn again each second. */
export function useServerNow(): number {
  const { subscribe, nowMs } = useContext(ServerClockContext)
  return useSyncExternalStore(subscribe, nowMs)
}

/** One timer for all that listen; none while nobody does. */
export function startClock(ownNow: () => number): SettableClock {
  const listeners = new Set<() => void>()
  let aheadMs = 0
  let timer: ReturnType<typeof setInterval> | undefined
  return {
    set(asOfMs, receivedMs) {
      aheadMs = asOfMs - receivedMs
    },
    nowMs: () => Math.floor((ownNow() + aheadMs) / TICK_MS) * TICK_MS,
    subscribe(onTick) {
      listeners.add(onTick)
      timer ??= setInterval(() => listeners.forEach((each) => each()), TICK_MS)
      return () => {
        listeners.delete(onTick)
        if (listeners.size > 0) return
        clearInterval(timer)
        timer = undefined
      }
    },
  }
}
