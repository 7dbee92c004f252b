import { harmless } from '../harmless.js'

/** Where headers are read from: a request of node:http, fetch's `Headers` or `Request`, or a plain object. */
export type HeaderSource = HeaderRecord | HeadersLike | { headers: HeaderRecord | HeadersLike }
export type HeaderRecord = Readonly<Record<string, string | readonly string[] | undefined>>

export interface HeadersLike {
  get: (name: string) => string | null
}

/** What a join needs, read once and safely. */
export interface Carrier {
  get: (name: string) => string | undefined
  /** The address of the peer, where the source knows it. */
  peer?: string
}

/** Never throws, whatever the source is. */
export function readCarrier(source: unknown): Carrier {
  const peer = harmless(() => peerOf(source), undefined)
  return { get: (name) => harmless(() => headerOf(source, name), undefined), ...(peer === undefined ? {} : { peer }) }
}

function headerOf(source: unknown, name: string): string | undefined {
  if (typeof source !== 'object' || source === null) return undefined
  const inner: unknown = 'headers' in source && typeof source.headers === 'object' && source.headers !== null ? source.headers : source
  if (isHeadersLike(inner)) return inner.get(name) ?? undefined
  return textOf(ownHeader(inner as Record<string, unknown>, name))
}

function ownHeader(headers: Record<string, unknown>, name: string): unknown {
  if (Object.hasOwn(headers, name)) return headers[name]
  const key = Object.keys(headers).find((one) => one.toLowerCase() === name)
  return key === undefined ? undefined : headers[key]
}

/** A header sent several times is one list, as HTTP says; two `traceparent` make none that is valid. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string').join(',') : undefined
}

function isHeadersLike(value: unknown): value is HeadersLike {
  return typeof value === 'object' && value !== null && 'get' in value && typeof value.get === 'function'
}

function peerOf(source: unknown): string | undefined {
  if (typeof source !== 'object' || source === null || !('socket' in source)) return undefined
  const socket: unknown = source.socket
  if (typeof socket !== 'object' || socket === null || !('remoteAddress' in socket)) return undefined
  return typeof socket.remoteAddress === 'string' ? socket.remoteAddress : undefined
}
