interface Details {
  /** The collector's code. */
  code?: string
  /** Place in the query. */
  at?: number
  /** It may answer later. */
  isAway?: boolean
}

/** A command failed; the message is for the person who gave it. */
export class CommandError extends Error {
  override name = 'CommandError'
  readonly details: Details

  constructor(message: string, details: Details = {}) {
    super(message)
    this.details = details
  }
}
