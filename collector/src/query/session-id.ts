const SESSION = /^(?!0{32})[0-9a-f]{32}$/
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/

/** A session id as people have it at hand, in any case: 32 hex, a UUID, or a whole traceparent. Null where it is none. */
export function parseSessionId(text: string): string | null {
  const lower = text.trim().toLowerCase()
  const id = TRACEPARENT.exec(lower)?.[1] ?? (UUID.test(lower) ? lower.replaceAll('-', '') : lower)
  return SESSION.test(id) ? id : null
}
