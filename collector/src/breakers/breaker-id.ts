import { createHash } from 'node:crypto'

/** What a call goes to or a breaker guards, as far as its event names it. */
export interface CallTarget {
  service: string | null
  /** UUID, lower case. */
  node: string | null
  address: string | null
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const MAX_SERVICE_CHARACTERS = 255
const MAX_ADDRESS_BYTES = 2048
const ID_DIGITS = 32

/** An event's `target`; what of it is malformed or too long counts as not named. */
export function readCallTarget(value: unknown): CallTarget {
  const { service, node, address } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  return {
    service: isText(service) && service.length <= MAX_SERVICE_CHARACTERS ? service : null,
    node: isText(node) && UUID.test(node) ? node.toLowerCase() : null,
    address: isText(address) && isShort(address) ? address : null,
  }
}

/**
 * The identity of the breaker that `caller` (a node's UUID) keeps for a target: 32 hex digits. A target is its node, else its address,
 * else its service; null where none is named.
 */
export function breakerId(caller: string, { node, address, service }: CallTarget): string | null {
  const target = node ?? address ?? service
  if (target === null) return null
  return createHash('sha256').update(`${caller.toLowerCase()}\n${target}`).digest('hex').slice(0, ID_DIGITS)
}

function isShort(address: string): boolean {
  return address.length * 3 <= MAX_ADDRESS_BYTES || Buffer.byteLength(address) <= MAX_ADDRESS_BYTES
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
