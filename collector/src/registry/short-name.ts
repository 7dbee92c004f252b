/** What a process is called on pages: "cart-2"; by the beginning of its id where it was never registered. */
export function shortName({ service, number, uuid }: { service: string; number: number | null; uuid: string }): string {
  return number === null || number === 0 ? `${service} (${uuid.slice(0, 8)})` : `${service}-${number}`
}
