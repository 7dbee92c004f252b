import { Groundtrack } from './groundtrack.js'
import { nodePlatform } from './platform/node/platform.js'
import type { GroundtrackOptions } from './settings.js'

export type { Call, CallOptions, CallOutcome, CallTarget } from './call.js'
export type { Groundtrack, JoinOptions, SessionOptions, Stats } from './groundtrack.js'
export type { Level } from './levels.js'
export type { HeaderRecord, HeadersLike, HeaderSource } from './propagation/carrier.js'
export type { Attributes, CloseOptions, Position, Session } from './session.js'
export type { GroundtrackOptions } from './settings.js'

/** Connects this process to its collector. Throws when an option or variable is wrong; nothing else in the SDK throws. */
export function groundtrack(options: GroundtrackOptions = {}): Groundtrack {
  return new Groundtrack(options, nodePlatform())
}
