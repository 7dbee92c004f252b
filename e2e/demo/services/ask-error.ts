/** Another service answered with an error, or not at all. */
export class AskError extends Error {
  readonly status: number
  /** Who was asked; undefined where nobody was. */
  readonly address: string | undefined

  constructor(status: number, message: string, address?: string) {
    super(message)
    this.status = status
    this.address = address
  }
}
