import type { SessionVersion } from '@groundtrack/db'
import type { LoadedSession } from './loaded-session.js'

// Of 100,000 events without kinds' fields, by heap before and after.
const BYTES_AN_EVENT = 400
const IDLE_MS = 30_000
/** A session that takes more than this share of the bound is large. */
const LARGE_SHARE = 8

interface Entry {
  version: string
  loaded: Promise<LoadedSession>
  bytes: number
  untilMs: number
}

/**
 * Ordered sessions, kept while they are being read, so that paging through one does not order it again. Bounded by bytes, least
 * recently used first out. A session larger than the bound is kept alone, until another one is asked for.
 */
export class SessionCache {
  readonly #maxBytes: number
  readonly #entries = new Map<string, Entry>()
  #bytes = 0
  #large: Promise<unknown> = Promise.resolve()

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** What was loaded of this version before, else what `load` gives. Requests at the same time share one load; large loads go one after another. */
  get(session: string, { version, events }: SessionVersion, nowMs: number, load: () => Promise<LoadedSession>): Promise<LoadedSession> {
    this.#dropIdle(nowMs)
    const untilMs = nowMs + IDLE_MS
    const known = this.#entries.get(session)
    if (known?.version === version) {
      this.#entries.delete(session)
      this.#entries.set(session, { ...known, untilMs })
      return known.loaded
    }
    const bytes = BYTES_AN_EVENT * (events + 1)
    this.#drop(session)
    this.#makeRoom(bytes)
    const loaded = bytes > this.#maxBytes / LARGE_SHARE ? this.#inTurn(load) : load()
    this.#entries.set(session, { version, loaded, bytes, untilMs })
    this.#bytes += bytes
    loaded.catch(() => {
      if (this.#entries.get(session)?.loaded === loaded) this.#drop(session)
    })
    return loaded
  }

  #inTurn(load: () => Promise<LoadedSession>): Promise<LoadedSession> {
    const turn = this.#large.then(load)
    this.#large = turn.catch(() => undefined)
    return turn
  }

  #makeRoom(bytes: number): void {
    for (const session of this.#entries.keys()) {
      if (this.#bytes + bytes <= this.#maxBytes) return
      this.#drop(session)
    }
  }

  #dropIdle(nowMs: number): void {
    for (const [session, { untilMs }] of this.#entries) if (untilMs <= nowMs) this.#drop(session)
  }

  #drop(session: string): void {
    this.#bytes -= this.#entries.get(session)?.bytes ?? 0
    this.#entries.delete(session)
  }
}
