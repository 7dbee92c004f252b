import { useEffect, useState } from 'react'

const AT_THE_LATEST_MS = 2_000
const WITHOUT_IDLE_MS = 200

/** True once the page has drawn what it was opened for and has nothing better to do. */
export function useIdle(): boolean {
  const [isIdle, setIdle] = useState(false)
  useEffect(() => {
    // Safari has no idle callbacks.
    if (!('requestIdleCallback' in window)) {
      const timer = setTimeout(() => setIdle(true), WITHOUT_IDLE_MS)
      return () => clearTimeout(timer)
    }
    const callback = requestIdleCallback(() => setIdle(true), { timeout: AT_THE_LATEST_MS })
    return () => cancelIdleCallback(callback)
  }, [])
  return isIdle
}
