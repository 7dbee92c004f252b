import type { LoadedSession, SessionOutline } from './loaded-session.js'

// Of 100,000 events without kinds' fields, by heap before and after.
const BYTES_AN_EVENT = 400
const MAX_AGE_MS = 5_000

/** Ordered sessions, kept for a few seconds so that paging through one does not order it again. Bounded by bytes, least recently used first out. */
export class SessionCache {
  readonly #maxBytes: number
  readonly #entries = new Map<string, { loaded: Promise<LoadedSession>; bytes: number; untilMs: number }>()
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** What was loaded of the same parts before, else what `load` gives. Requests at the same time share one load. */
  async get(outline: SessionOutline, nowMs: number, load: () => Promise<LoadedSession>): Promise<LoadedSession> {
    const key = versionOf(outline)
    const known = this.#entries.get(key)
    if (known && known.untilMs > nowMs) {
      this.#entries.delete(key)
      this.#entries.set(key, known)
      return known.loaded
    }
    this.#drop(key)
    const loaded = load()
    const bytes = BYTES_AN_EVENT * outline.parts.reduce((sum, part) => sum + part.events, 1)
    if (bytes <= this.#maxBytes) {
      this.#entries.set(key, { loaded, bytes, untilMs: nowMs + MAX_AGE_MS })
      this.#bytes += bytes
      this.#shrink(nowMs)
      loaded.catch(() => this.#drop(key))
    }
    return loaded
  }

  #shrink(nowMs: number): void {
    for (const [key, { untilMs }] of this.#entries) if (untilMs <= nowMs) this.#drop(key)
    for (const key of this.#entries.keys()) {
      if (this.#bytes <= this.#maxBytes) return
      this.#drop(key)
    }
  }

  #drop(key: string): void {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0
    this.#entries.delete(key)
  }
}

/** Parts and absences are only ever appended, each part once a flush: their count and the last flush tell versions apart. */
function versionOf({ bounds, parts, absences }: SessionOutline): string {
  const last = parts.reduce((greatest, part) => (BigInt(part.flushId) > greatest ? BigInt(part.flushId) : greatest), 0n)
  return `${bounds.session} ${parts.length} ${last} ${absences.length}`
}
