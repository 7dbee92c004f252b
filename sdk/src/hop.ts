/** One process's stretch of a session: where its events stand and how far it has counted. */
export class Hop {
  readonly session: string
  readonly span: string
  /** The clock of the call that sent this hop; empty for a root. */
  readonly path: readonly number[]
  /** Number of the last event; the next one gets `last + 1`, without holes. */
  last = 0
  /** Start of each of its event lines, up to the number. */
  readonly prefix: string

  constructor(session: string, span: string, path: readonly number[]) {
    this.session = session
    this.span = span
    this.path = path
    const before = path.length === 0 ? '' : `${path.join(',')},`
    this.prefix = `,"session":"${session}","span":"${span}","clock":[${before}`
  }

  clockOf(number: number): number[] {
    return this.path.length === 0 ? [number] : [...this.path, number]
  }
}
