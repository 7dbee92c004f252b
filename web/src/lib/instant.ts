/** Epoch milliseconds of an ISO instant; microseconds are kept as the fraction, which Date.parse would cut. */
export function epochMs(iso: string): number {
  const ms = Date.parse(iso)
  const micros = /\.\d{3}(\d{1,3})/.exec(iso)?.[1]
  return micros === undefined ? ms : ms + Number(micros.padEnd(3, '0')) / 1_000
}

/** ISO 8601 UTC of epoch milliseconds, whole milliseconds. */
export function isoOf(ms: number): string {
  return new Date(ms).toISOString()
}

/** "14:03:12.418" in the reader's time zone. */
export function formatTime(iso: string): string {
  const at = new Date(iso)
  return `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}.${pad(at.getMilliseconds(), 3)}`
}

/** "14:03" */
export function formatMinute(ms: number): string {
  const at = new Date(ms)
  return `${pad(at.getHours())}:${pad(at.getMinutes())}`
}

/** "14:03:12" */
export function formatSecond(ms: number): string {
  return `${formatMinute(ms)}:${pad(new Date(ms).getSeconds())}`
}

// Intl.DateTimeFormat takes 7 ms to make, while the first page waits.
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** "15 Jan" */
export function formatDay(ms: number): string {
  const at = new Date(ms)
  return `${at.getDate()} ${MONTHS[at.getMonth()]}`
}

/** "14:03:12.418 201": the reader's time with the microseconds that the process wrote. */
export function formatMicro(iso: string): string {
  const micros = /\.\d{3}(\d{3})/.exec(iso)?.[1]
  return `${formatTime(iso)}${micros === undefined || micros === '000' ? '' : ` ${micros}`}`
}

/** "15 Jan 2026, 14:03:12.418 201": day, reader's time and the microseconds that the process wrote. */
export function formatPrecise(iso: string): string {
  const at = new Date(iso)
  return `${formatDay(at.getTime())} ${at.getFullYear()}, ${formatMicro(iso)}`
}

/** Value of a datetime-local field, in the reader's time zone, to the second. */
export function toLocalField(ms: number): string {
  const at = new Date(ms)
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}T${formatSecond(ms)}`
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0')
}
