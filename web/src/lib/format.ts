const COUNT = new Intl.NumberFormat('en')

/** "32,693" */
export function formatCount(count: number): string {
  return COUNT.format(count)
}

/** "1 line", "3 lines" */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

/** Milliseconds as a reader says them: "0.4 ms", "812 ms", "4.2 s", "3 min 12 s", "2 h 5 min". */
export function formatDuration(ms: number): string {
  const size = Math.abs(ms)
  if (size < 1) return size === 0 ? '0 ms' : `${trim(ms, size < 0.1 ? 2 : 1)} ms`
  if (size < 9.95) return `${trim(ms, 1)} ms`
  if (size < 999.5) return `${Math.round(ms)} ms`
  if (size < 59_950) return `${trim(ms / 1_000, size < 9_995 ? 2 : 1)} s`
  const seconds = Math.round(ms / 1_000)
  if (seconds < 3_600) return twoUnits(Math.floor(seconds / 60), 'min', seconds % 60, 's')
  const minutes = Math.round(seconds / 60)
  if (minutes < 1_440) return twoUnits(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  const hours = Math.round(minutes / 60)
  return twoUnits(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

/** "+812 ms", "−3 ms": a distance from the start. */
export function formatOffset(ms: number): string {
  return ms < 0 ? `−${formatDuration(-ms)}` : `+${formatDuration(ms)}`
}

function trim(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)))
}

function twoUnits(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`
}
