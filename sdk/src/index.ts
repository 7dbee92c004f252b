import { Groundtrack } from './groundtrack.js'
import { nodePlatform } from './platform/node/platform.js'
import type { GroundtrackOptions } from './settings.js'

export type { BreakerPosition, Turn } from './breaker/breaker.js'
export type { BreakerOptions } from './breaker/read-rules.js'
export type { Call, CallOptions, CallOutcome, CallTarget } from './call.js'
export type { ResolvedNode } from './calls/resolved-node.js'
export type { ResolveOptions, ServiceCallOptions } from './calls/session-calls.js'
export type { Balancing } from './discovery/balancer.js'
export type { Node } from './discovery/node.js'
export type { StaticNode } from './discovery/static-nodes.js'
export { BreakerOpenError, CallError, DeadlineError, NoNodeError } from './errors.js'
export type { Groundtrack, JoinOptions, SessionOptions, Stats } from './groundtrack.js'
export type { Level } from './levels.js'
export type { HeaderRecord, HeadersLike, HeaderSource } from './propagation/carrier.js'
export type { Attributes, CloseOptions, Position, Session } from './session.js'
export type { GroundtrackOptions } from './settings.js'

/** Connects this process to its collector. Throws when an option or variable is wrong; nothing else in the SDK throws; a call may reject. */
export function groundtrack(options: GroundtrackOptions = {}): Groundtrack {
  return new Groundtrack(options, nodePlatform())
}
