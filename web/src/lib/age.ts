import { formatDuration } from './format'

/** Whole seconds; never below none, whatever the clocks say. */
export function formatAge(ms: number): string {
  return ms < 1_000 ? '0 s' : formatDuration(Math.floor(ms / 1_000) * 1_000)
}

/** "1 min 32 s", "6 min", "3 h": one unit once two minutes have passed. */
export function formatShortAge(ms: number): string {
  if (ms < 120_000) return formatAge(ms)
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 60) return `${minutes} min`
  return minutes < 2_880 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1_440)} d`
}
