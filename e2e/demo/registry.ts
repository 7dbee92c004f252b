import { setTimeout as delay } from 'node:timers/promises'

interface Registered {
  items: { properties?: { pid?: number } }[]
}

const POLL_MS = 50
const WITHIN_MS = 20_000

/** Waits until the collector knows these processes as ones that can be called. Throws when that takes too long. */
export async function untilRegistered(collectorUrl: string, pids: (number | undefined)[], signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + WITHIN_MS
  while (performance.now() < deadline) {
    const response = await fetch(`${collectorUrl}/v1/nodes?environment=demo`, { signal })
    const { items } = (await response.json()) as Registered
    const known = new Set(items.map(({ properties }) => properties?.pid))
    if (pids.every((pid) => known.has(pid))) return
    await delay(POLL_MS, undefined, { signal })
  }
  throw new Error(`processes ${pids.join(', ')} were not registered within ${WITHIN_MS / 1_000} s`)
}
