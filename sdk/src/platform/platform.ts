import type { TimeSource } from '../wall-clock.js'

export interface Outgoing {
  method: 'POST' | 'PUT' | 'DELETE'
  url: string
  headers: Readonly<Record<string, string>>
  body?: Uint8Array
  timeoutMs: number
}

export interface Answer {
  status: number
  /** The `Retry-After` header as it came. */
  retryAfter?: string
  body: string
}

export interface StreamRequest {
  url: string
  headers: Readonly<Record<string, string>>
  /** How long the answer may take to begin. */
  timeoutMs: number
}

export interface StreamOpening {
  status: number
  contentType: string
  /** The `Retry-After` header as it came. */
  retryAfter?: string
}

/** None of these is called before `stream` returned, or after it was cancelled. */
export interface StreamHandlers {
  opened: (opening: StreamOpening) => void
  text: (text: string) => void
  /** Once, and the last: the stream broke, ended, or never began. */
  ended: (reason: string) => void
}

export interface Timer {
  cancel: () => void
}

/** The context in which work runs: which session is the current one. */
export interface Context {
  current: () => unknown
  run: <T>(value: unknown, work: () => T) => T
}

export interface Hooks {
  /** Delivers what waits, for at most `withinMs`. */
  flush: (withinMs: number) => Promise<unknown>
  /** The process ends now: hand over what can be handed over without waiting. */
  lastWords: () => void
  /** Something is unsent. */
  pending: () => boolean
  crashed: (error: unknown, origin: string) => void
}

/** The server closed an idle connection just as it was taken for a request: that says nothing about the server; another one may do. */
export class IdleConnectionClosed extends Error {}

/** All that the SDK asks of the world around it. */
export interface Platform {
  time: TimeSource
  context: Context
  fillRandom: (bytes: Uint8Array) => void
  gzip: (text: string) => Promise<Uint8Array>
  gzipNow: (text: string) => Uint8Array
  gunzip: (bytes: Uint8Array) => Promise<string>
  gunzipNow: (bytes: Uint8Array) => string
  /** Sends one request and reads at most 1 MiB of the answer; follows no redirect; rejects when no whole answer came, with IdleConnectionClosed where that may be nobody's fault. */
  send: (request: Outgoing) => Promise<Answer>
  /** Writes a request without waiting for anything; false when there is no open connection for it. */
  sendNow: (request: Outgoing) => boolean
  /** A GET whose answer is read as it comes, for as long as it takes. Follows no redirect; never keeps the process alive. */
  stream: (request: StreamRequest, handlers: StreamHandlers) => Timer
  /** Closes idle connections. */
  disconnect: () => void
  /** A timer; it keeps the process alive only with `hold`. */
  schedule: (delayMs: number, work: () => void, hold?: boolean) => Timer
  /** Changes when the process was copied (fork, snapshot). */
  processId: () => number
  warn: (text: string) => void
  environment: Readonly<Record<string, string | undefined>>
  /** The host program's own package, where there is one. */
  package: () => { name?: string; version?: string }
  describe: () => { host?: string; pid?: number; runtime: string }
  /** Calls the hooks when the process is about to end; answers how to undo it. */
  onExit: (hooks: Hooks) => () => void
}
