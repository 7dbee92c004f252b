/** The command was not given as it must be; the message says what is wrong. */
export class UsageError extends Error {
  override name = 'UsageError'
}
