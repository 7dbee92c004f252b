import type { Route } from '../calls/routes.js'
import type { Level } from '../levels.js'
import { parseBaggage } from './baggage.js'
import { readCarrier } from './carrier.js'
import { isPrivateAddress } from './peers.js'
import { parseTraceParent } from './traceparent.js'
import { parseTraceState } from './tracestate.js'

/** What a hop takes over from the headers it was called with. */
export interface Incoming {
  session: string
  /** The parent-id of `traceparent`. */
  parent: string
  flags: string
  /** The call that sent us, from our own tracestate member. */
  call?: string
  path: number[]
  otherStates: string[]
  properties: Map<string, string>
  foreignBaggage: string[]
  budgetMs?: number
  level?: Level
  routes?: Route[]
}

export interface Trust {
  /** `internal`: every peer is one of ours. */
  trust?: 'internal' | undefined
  /** The peer's address; found by itself when the source is a request of node:http. */
  peer?: string | undefined
}

/** undefined when no valid `traceparent` came. Never throws. Properties, level and routes are taken from trusted peers only. */
export function readIncoming(source: unknown, { trust, peer }: Trust): Incoming | undefined {
  const carrier = readCarrier(source)
  const traceParent = parseTraceParent(carrier.get('traceparent'))
  if (traceParent === undefined) return undefined
  const state = parseTraceState(carrier.get('tracestate'))
  const address = peer ?? carrier.peer
  const forwarded = carrier.get('x-forwarded-for') !== undefined || carrier.get('forwarded') !== undefined
  const trusted = trust === 'internal' || (address !== undefined && !forwarded && isPrivateAddress(address))
  const { properties, foreign, budgetMs, level, routes } = parseBaggage(carrier.get('baggage'), trusted)
  return {
    ...traceParent,
    ...(state.gt === undefined ? {} : { call: state.gt.call }),
    path: state.gt?.path ?? [],
    otherStates: state.others,
    properties,
    foreignBaggage: foreign,
    ...(budgetMs === undefined ? {} : { budgetMs }),
    ...(level === undefined ? {} : { level }),
    ...(routes === undefined ? {} : { routes }),
  }
}
