import { decodeBatch, encodeBatch, type FrozenBatch, type NodeInfo, type Producer } from './batch.js'
import type { Taken } from './buffer.js'

/** What is known of a batch beside its bytes. */
interface History {
  /** These numbers may have been stored before, in another batch whose answer never came. */
  unsure: boolean
  /** Events that it tells as dropped, because the collector refused them. */
  givenUp: number
  /** How often the collector refused these numbers. */
  refusals: number
}

/** What a batch says. */
export interface Content extends History {
  producer: Producer
  taken: Taken
}

/** A batch, and what is to become of it. */
export interface Part extends History {
  /** An answer to these very bytes never came: they may be stored. */
  lost: boolean
  /** undefined before it is first frozen. */
  batch: FrozenBatch | undefined
  /** Set when other batches must go in its place: makes them of what was in it. Has no effects: it may be asked twice. */
  instead: ((taken: Taken) => Content[]) | undefined
}

/** What was taken out of the buffer at once, on its way. Between two awaits its parts hold every number that is not settled. */
export interface Flight {
  /** Events that are not settled yet. */
  events: number
  parts: Part[]
}

/** Nothing was in a batch that was never frozen: what goes in its place is known by `instead` alone. */
const NOTHING: Taken = { first: 0, last: -1, lines: [], numbers: [], dropped: [] }

export function newFlight(producer: Producer, taken: Taken): Flight {
  const history = { unsure: false, givenUp: 0, refusals: 0 }
  return {
    events: taken.lines.length,
    parts: [{ ...history, lost: false, batch: undefined, instead: () => [{ ...history, producer, taken }] }],
  }
}

/** What goes in place of the part. `text`: what it was frozen from, where it was. */
export function replacements(part: Part, text: string | undefined): Content[] {
  return part.instead?.(text === undefined ? NOTHING : decodeBatch(text)) ?? []
}

export function textOf({ producer, taken }: Content, node: NodeInfo, sentMs: number): string {
  return encodeBatch(producer, node, taken, sentMs)
}

export function frozenPart({ producer, taken, unsure, givenUp, refusals }: Content, body: Uint8Array): Part {
  const { first, last, lines } = taken
  const batch = { producer: producer.id, epoch: producer.epoch, first, last, events: lines.length, body }
  return { unsure, givenUp, refusals, lost: false, batch, instead: undefined }
}
