const HEX_32 = /^[0-9a-f]{32}$/
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/
const NO_SESSION = '0'.repeat(32)

/** The session id in what somebody pasted: 32 hex, a UUID in any case, or a whole traceparent. Undefined for anything else. */
export function readSessionId(pasted: string): string | undefined {
  const text = pasted.trim().toLowerCase()
  const id = HEX_32.test(text) ? text : UUID.test(text) ? text.replaceAll('-', '') : TRACEPARENT.exec(text)?.[1]
  return id === NO_SESSION ? undefined : id
}

/** "0193a7c2…9f41": enough to tell two ids apart by eye. */
export function shortenId(id: string): string {
  return id.length <= 14 ? id : `${id.slice(0, 8)}…${id.slice(-4)}`
}
