import { isDeepStrictEqual } from 'node:util'
import type { RegisteredNode, Registration } from '@groundtrack/db'

/** Whether a heartbeat says of its node what is stored already. A heartbeat without address leaves the registered one. */
export function saysTheSame(node: RegisteredNode, registration: Registration): boolean {
  const { version, address, ttlSeconds, properties, owner } = registration
  return (
    node.owner === owner &&
    node.version === version &&
    (address === null || node.address === address) &&
    // Stored in four bytes.
    Math.fround(node.ttlSeconds) === Math.fround(ttlSeconds) &&
    isDeepStrictEqual(node.properties, properties === null ? null : JSON.parse(properties))
  )
}
