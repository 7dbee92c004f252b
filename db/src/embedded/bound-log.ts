import { copyFileSync, statSync, truncateSync } from 'node:fs'

const MAX_BYTES = 8 * 1024 * 1024

/** Keeps the server's log and one older part of it at 8 MiB each. The server appends, so cutting under it is safe. */
export function boundLog(file: string, maxBytes: number = MAX_BYTES): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size <= maxBytes) return
  copyFileSync(file, `${file}.old`)
  truncateSync(file)
}
