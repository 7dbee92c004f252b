import { useSyncExternalStore } from 'react'

const NARROW = '(max-width: 860px)'

/** The page is as narrow as a phone's: there it shows lists only. The styles draw the same line. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => matchMedia(NARROW).matches)
}

function subscribe(changed: () => void): () => void {
  const query = matchMedia(NARROW)
  query.addEventListener('change', changed)
  return () => query.removeEventListener('change', changed)
}
