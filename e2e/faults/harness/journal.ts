import { createHash } from 'node:crypto'

/** What one producer did, kept outside the system: the truth that the tables are compared with. */
export interface Journal {
  /** The producer's node: names its events in the table. */
  node: string
  /** Numbers given out: 0 … logged − 1. */
  logged: number
  /** Ranges acknowledged, bounds inclusive. */
  acknowledged: { first: number; last: number }[]
  /** Answers that nobody may ever get here: status and code. */
  unexpected: string[]
  attempts: number
}

/** The message of an event depends on its producer and number alone, so that the checker knows it without having kept it. */
export function messageOf(node: string, seq: number): string {
  return `event ${seq} ${createHash('sha1').update(`${node} ${seq}`).digest('hex')}`
}
