import type { Callees } from './calls/callees.js'
import type { Ids } from './ids.js'
import type { Level } from './levels.js'
import type { Platform } from './platform/platform.js'
import type { Recorder } from './recorder.js'
import type { WallClock } from './wall-clock.js'

/** What all sessions of one `groundtrack()` share. */
export interface Core {
  enabled: boolean
  platform: Platform
  recorder: Recorder
  clock: WallClock
  ids: Ids
  environment: string
  /** The least severe level that is kept. */
  level: Level
  /** Hosts beside loopback and private ones that may get baggage. */
  propagateTo: readonly string[]
  /** Whether a registered node lives on this host: it may get baggage, too. */
  hasNodeAt: (host: string) => boolean
  callees: Callees
  /** How long to wait for a first node of a service where there is no deadline. */
  resolveWithinMs: number
  /** Where the viewer lives. */
  viewerUrl: string
  counts: { clocksOmitted: number; baggageOmitted: number }
}
