import type { Buffer } from './delivery/buffer.js'
import { Entry } from './delivery/entry.js'
import type { Hop } from './hop.js'
import { RANK, STRUCTURE_RANK } from './levels.js'
import { Serializer } from './serializer.js'
import type { WallClock } from './wall-clock.js'

/** `info` is the level of a line without one. */
const LEVEL_FIELD: readonly string[] = [
  ',"level":"trace"',
  ',"level":"debug"',
  '',
  ',"level":"warn"',
  ',"level":"error"',
  ',"level":"critical"',
]
const PROCESS_PREFIX = ',"time":'

export interface RecorderOptions {
  buffer: Buffer
  clock: WallClock
  /** Called after each event. */
  onAdded: () => void
}

/** Turns what is logged into numbered lines in the buffer. */
export class Recorder {
  readonly serializer = new Serializer()
  readonly #buffer: Buffer
  readonly #clock: WallClock
  readonly #onAdded: () => void

  constructor({ buffer, clock, onAdded }: RecorderOptions) {
    this.#buffer = buffer
    this.#clock = clock
    this.#onAdded = onAdded
  }

  /** An event of a hop; answers its number there. User code runs before the numbers are given, so that a getter that logs can't mix them up. */
  log(hop: Hop, rank: number, category: unknown, message: unknown, attributes: unknown): number {
    const content = this.serializer.content(category, message, attributes)
    const number = ++hop.last
    this.#add(hop, number, rank, hop.prefix + number + '],"time":' + this.#clock.text() + LEVEL_FIELD[rank] + content)
    return number
  }

  /** An event of the process itself. */
  logProcess(rank: number, category: unknown, message: unknown, attributes: unknown): void {
    const content = this.serializer.content(category, message, attributes)
    this.#add(undefined, 0, rank, PROCESS_PREFIX + this.#clock.text() + LEVEL_FIELD[rank] + content)
  }

  /** An event that gives a session its shape. `fields`: the kind's own, as JSON from the comma on. */
  structure(hop: Hop, kind: string, fields: string, level: keyof typeof RANK = 'info'): number {
    const number = ++hop.last
    const line = `${hop.prefix}${number}],"time":${this.#clock.text()},"kind":"${kind}"${LEVEL_FIELD[RANK[level]]}${fields}}`
    this.#add(hop, number, STRUCTURE_RANK, line)
    return number
  }

  /** An event of the process itself that is no log line. */
  structureProcess(kind: string, fields: string): void {
    this.#add(undefined, 0, STRUCTURE_RANK, `${PROCESS_PREFIX}${this.#clock.text()},"kind":"${kind}"${fields}}`)
  }

  /** As `structure`, but the fields are asked for when the event is shipped, or when the caller settles the entry. */
  structureLate(hop: Hop, kind: string, fields: () => string): Entry {
    const number = ++hop.last
    const start = `${hop.prefix}${number}],"time":${this.#clock.text()},"kind":"${kind}"`
    const entry = new Entry(hop, number, STRUCTURE_RANK, '')
    entry.late = () => `${start}${fields()}}`
    this.#buffer.add(entry)
    this.#onAdded()
    return entry
  }

  #add(hop: Hop | undefined, number: number, rank: number, line: string): void {
    this.#buffer.add(new Entry(hop, number, rank, line))
    this.#onAdded()
  }
}
