import type { EventNotes } from './calls/event-notes.js'
import type { HopPart } from './hop-part.js'
import type { DroppedRange } from './native/header.js'
import type { Rejected } from './rejected.js'

/** Events of one node, encoded; all else its flush has to know of them. */
export interface EventGroup {
  nodeId: number
  nodeUuid: string
  service: string
  /** COPY rows, still without what their flush stamps in. */
  rows: Buffer
  count: number
  hops: Iterable<HopPart>
  /** Events by minute and level, see event-sink. */
  counts: ReadonlyMap<number, number>
  /** What they say of calls and breakers. */
  notes: EventNotes | null
}

export interface Content {
  groups: EventGroup[]
  rejected: Rejected[]
}

/** The range that a request covers in its producer's numbers. */
export interface ProducerRange {
  producer: string
  epoch: number
  first: number
  last: number
  /** SHA-256 of the inflated body. */
  digest: Buffer
  nodeId: number
  dropped: readonly DroppedRange[]
}

/** One request, ready to be written. */
export interface WriteRequest {
  projectId: number
  /** Null where the wire has no producer. */
  range: ProducerRange | null
  /** Remembered for minutes, so that a retry without a producer is stored once. */
  requestKey: Buffer | null
  content: Content
  /** Lines that hold an event, by their position in the body. */
  listLines(): number[]
  /** The content without these lines, which are rejected as storage_rejected. */
  without(lines: ReadonlySet<number>): Content
}

export type Outcome =
  | { kind: 'stored'; stored: number; rejected: Rejected[] }
  | { kind: 'duplicate'; rejected: Rejected[] }
  | { kind: 'conflict' }

/** What this request adds to a flush. */
export function countBytes({ content }: WriteRequest): number {
  return content.groups.reduce((bytes, group) => bytes + group.rows.length, 0)
}

export function countEvents({ content }: WriteRequest): number {
  return content.groups.reduce((events, group) => events + group.count, 0)
}
