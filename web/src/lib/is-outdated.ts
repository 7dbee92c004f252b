/** Of a page that asks each second: longer without an answer, and what it shows may be wrong. One lost answer is not told. */
const TOLERATED_MS = 2_500

interface Asked {
  error: Error | null
  data: unknown
  /** When the last answer came, and when the last attempt failed, in epoch milliseconds. */
  dataUpdatedAt: number
  errorUpdatedAt: number
}

/** Whether what is shown is of a while ago, since nothing answers any more. */
export function isOutdated({ error, data, dataUpdatedAt, errorUpdatedAt }: Asked): boolean {
  return error !== null && data !== undefined && errorUpdatedAt - dataUpdatedAt > TOLERATED_MS
}
