import { harmless } from './harmless.js'

/** Why something failed, as text, whatever was thrown or given for a reason. undici says "fetch failed" and names the reason in the cause. */
export function reasonOf(error: unknown): string {
  return harmless(() => {
    if (!(error instanceof Error)) return String(error)
    const text = error.message || error.name
    return error.cause instanceof Error ? `${text}: ${error.cause.message || error.cause.name}` : text
  }, 'unknown')
}
