/** A process that offers a service at an address. */
export interface Node {
  /** UUID of the process; absent for one that only the configuration names. */
  readonly id?: string
  readonly service: string
  /** Absent: serves whatever version is asked for. */
  readonly version?: string
  /** What calls are sent to, for example `http://10.0.0.3:8080`; opaque to Groundtrack. */
  readonly address: string
}

/** By what breakers and pending calls know it: its process, else its address. */
export function nodeKey({ id, address }: Node): string {
  return id ?? address
}

/** `cart 1.0 at http://10.0.0.3:8080` */
export function describeNode({ service, version, address }: Node): string {
  return `${service}${version === undefined || version === '' ? '' : ` ${version}`} at ${address}`
}

/** The host of an address, in lower case; an address is opaque, so what is no URL is taken whole. */
export function hostOf(address: string): string {
  return (URL.canParse(address) ? new URL(address).hostname : address).toLowerCase()
}
