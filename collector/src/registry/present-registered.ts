import type { RegisteredNode } from '@groundtrack/db'

/** What GET /v1/nodes and its stream tell of a node: the heartbeat's own words, and its id. */
export interface NodeOffer {
  id: string
  service: string
  version: string
  environment: string
  /** Without one it is there, but nobody is sent to it. */
  address?: string
  ttlSeconds: number
  properties?: Record<string, unknown>
}

export function presentRegistered({ uuid, service, version, environment, address, ttlSeconds, properties }: RegisteredNode): NodeOffer {
  const offer: NodeOffer = { id: uuid, service, version, environment, ttlSeconds }
  if (address !== null) offer.address = address
  if (properties !== null) offer.properties = properties
  return offer
}
