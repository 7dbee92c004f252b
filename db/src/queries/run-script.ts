import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import type { Connection as PgConnection, Submittable } from 'pg'
import type { Connection } from '../connection.js'

/** A COPY … FROM STDIN with its rows, in COPY's text format. */
export interface Copy {
  copy: string
  rows: Iterable<Buffer>
}

/** A statement without parameters, or a COPY. */
export type Step = string | Copy

const HEAD_BYTES = 5
const COPY_DATA = 'd'.charCodeAt(0)
const COPY_DONE = Buffer.from([0x63, 0, 0, 0, 4])
/** Rows wait for the server beyond this; a flush stays below it, so that it is sent at one go. */
const MAX_BUFFERED_BYTES = 16 * 2 ** 20

/**
 * Runs the steps in order by one message of the simple query protocol, the rows of each COPY sent ahead of the server's asking: one
 * round trip for all, however busy this process is. The first error ends it, rows still on their way are ignored by the server
 * (protocol, "COPY operations"), and a transaction that a step began is left to the caller to roll back. Rejects with that error.
 */
export function runScript(connection: Connection, steps: readonly Step[]): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.query(new Script(steps, resolve, reject))
  })
}

/** What a client of `pg` submits and tells of the server's answers. */
class Script implements Submittable {
  readonly #steps: readonly Step[]
  readonly #ended: Promise<void>
  #end: () => void = () => {}
  #hasEnded = false

  constructor(steps: readonly Step[], resolve: () => void, reject: (error: unknown) => void) {
    this.#steps = steps
    this.#ended = new Promise((end) => (this.#end = end))
    this.handleReadyForQuery = () => {
      this.#stop()
      resolve()
    }
    this.handleError = (error) => {
      this.#stop()
      reject(error)
    }
  }

  readonly handleReadyForQuery: () => void
  readonly handleError: (error: unknown) => void

  submit(connection: PgConnection): void {
    const { stream } = connection
    stream.cork()
    connection.query(this.#steps.map((step) => (typeof step === 'string' ? step : step.copy)).join(';\n'))
    // A server in the middle of a COPY can't be told otherwise that its rows won't come.
    this.#sendRows(stream).catch((error: unknown) => stream.destroy(error instanceof Error ? error : undefined))
  }

  async #sendRows(stream: Duplex): Promise<void> {
    for (const step of this.#steps) {
      if (typeof step === 'string') continue
      for (const rows of step.rows) {
        stream.write(headOf(rows))
        stream.write(rows)
        if (stream.writableLength < MAX_BUFFERED_BYTES) continue
        stream.uncork()
        await Promise.race([once(stream, 'drain'), this.#ended])
        if (this.#hasEnded) return
        stream.cork()
      }
      stream.write(COPY_DONE)
    }
    stream.uncork()
  }

  #stop(): void {
    this.#hasEnded = true
    this.#end()
  }

  handleCommandComplete(): void {}
  handleCopyInResponse(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
  handleRowDescription(): void {}
}

function headOf(rows: Buffer): Buffer {
  const head = Buffer.allocUnsafe(HEAD_BYTES)
  head[0] = COPY_DATA
  head.writeUInt32BE(rows.length + HEAD_BYTES - 1, 1)
  return head
}
