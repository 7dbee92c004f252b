import { setTimeout as delay } from 'node:timers/promises'
import { classifyError, listFlushesAfter, readFrontier, type Filter, type ProjectReader, type StoredEvent } from '@groundtrack/db'
import type { EventStream } from '../http/event-stream.js'
import { loadNodes } from '../query/load-summaries.js'
import type { FlushGroup } from './flush-log.js'
import { inArrivalOrder, type Follower } from './follower.js'
import { readHistory, readLast } from './history.js'
import { selectMatches } from './match.js'
import { Outlet } from './outlet.js'
import { inPieces, readGroups } from './read-flushes.js'
import { idleBefore, writeArrival, writeFrontier, writePlace, type FlushPlace, type TailCursor } from './tail-cursor.js'

export interface TailOptions {
  reader: ProjectReader
  follower: Follower
  now: () => number
}

/** From where a tail tells: from now on; the newest so many; what was received since an instant; or what follows a cursor. */
export type TailStart = 'now' | { last: number } | { sinceMicros: number } | { cursor: TailCursor }

type Seen = Map<number, { flushNo: number; receivedMicros: number }>

const PING_MS = 15_000
const RETRY_MS = 1_000
const DAY_MICROS = 86_400_000_000

/**
 * Tells one client what its filter matches: history first, then what is committed, in the order of commit. Ends when the client is
 * gone. Throws the database's error; the client's cursor lets it go on where it was.
 */
export class Tail {
  readonly #stream: EventStream
  readonly #options: TailOptions
  readonly #filter: Filter
  readonly #outlet: Outlet
  #seen: Seen = new Map()
  /** Of the first flush after `seen`, events up to this one were told. */
  #within: FlushPlace | undefined
  /** What writers did before that, and is not in `seen`, was told. */
  #sinceMicros = 0
  #isLive = false

  constructor(stream: EventStream, filter: Filter, options: TailOptions) {
    this.#stream = stream
    this.#filter = filter
    this.#options = options
    this.#outlet = new Outlet(stream)
  }

  async run(start: TailStart): Promise<void> {
    const { follower } = this.#options
    const pings = setInterval(() => this.#ping(), PING_MS).unref()
    await follower.join()
    try {
      await this.#begin(start)
      await this.#follow()
    } finally {
      clearInterval(pings)
      follower.leave()
    }
  }

  async #begin(start: TailStart): Promise<void> {
    const { reader, now } = this.#options
    const cursor = typeof start === 'object' && 'cursor' in start ? start.cursor : null
    this.#seen = cursor ? await this.#restore(cursor) : await readFrontier(reader)
    this.#within = cursor?.within
    this.#sinceMicros = cursor?.sinceMicros ?? idleBefore(this.#seen)
    if (this.#within) await this.#finish(this.#within)
    if (start === 'now' || (cursor && !cursor.history)) return

    const until = new Map(this.#seen)
    const base = writeFrontier(until, this.#sinceMicros, 'history')
    const history = { filter: this.#filter, now, until }
    if (typeof start === 'object' && 'last' in start) {
      const events = await readLast(reader, start.last, { ...history, fromMicros: now() * 1_000 - DAY_MICROS })
      return this.#tellPage(events, base)
    }
    const fromMicros = typeof start === 'object' && 'sinceMicros' in start ? start.sinceMicros : 0
    for await (const events of readHistory(reader, { ...history, fromMicros, ...(cursor?.history && { after: cursor.history }) })) {
      if (this.#stream.signal.aborted) return
      if (events.length === 0) this.#stream.comment()
      await this.#tellPage(events, base)
    }
  }

  /** The whole frontier again: writers that the cursor leaves out stand where they stood when it was made. */
  async #restore({ sinceMicros, seen }: TailCursor): Promise<Seen> {
    const restored: Seen = await readFrontier(this.#options.reader, sinceMicros)
    for (const [writerId, flushNo] of seen) restored.set(writerId, { flushNo, receivedMicros: this.#options.now() * 1_000 })
    return restored
  }

  /** The rest of a flush comes before all else: a cursor has room for one that is half told. */
  async #finish({ writerId, flushNo }: FlushPlace): Promise<void> {
    const { reader } = this.#options
    const flushes = await listFlushesAfter(reader, this.#seen, [writerId])
    await this.#tellGroups(
      await readGroups(
        reader,
        flushes.filter((flush) => flush.writerId === writerId && flush.flushNo === flushNo),
      ),
    )
  }

  async #tellPage(events: readonly StoredEvent[], base: string): Promise<void> {
    const nodes = await loadNodes(
      this.#options.reader,
      events.map(({ nodeId }) => nodeId),
    )
    for (const event of events) await this.#outlet.tellPatiently({ event, node: nodes.get(event.nodeId) }, base + writeArrival(event))
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stream
    while (!signal.aborted) {
      try {
        await this.#tellLog(await this.#catchUp())
      } catch (error) {
        if (classifyError(error) !== 'unavailable') throw error
        this.#stream.comment()
        await delay(RETRY_MS, undefined, { signal }).catch(() => {})
      }
    }
  }

  /** Tells what comes, until the client is gone or has fallen behind the log. */
  async #tellLog(from: number): Promise<void> {
    const { follower } = this.#options
    const { signal } = this.#stream
    for (let index = from; ;) {
      await follower.waitBeyond(index, signal)
      const groups = signal.aborted ? null : follower.log.from(index)
      if (groups === null) return
      await this.#tellGroups(groups)
      index += groups.length
      if (index === follower.log.end) this.#sinceMicros = idleBefore(this.#seen)
    }
  }

  /** Reads the store until nothing is new; answers from where on the log holds all that is newer. */
  async #catchUp(): Promise<number> {
    const { reader, follower } = this.#options
    for (;;) {
      const index = follower.log.end
      const flushes = await listFlushesAfter(reader, this.#seen, [...this.#seen.keys()])
      if (flushes.length === 0 || this.#stream.signal.aborted) {
        this.#sinceMicros = idleBefore(this.#seen)
        if (!this.#isLive) this.#outlet.mark('live', writeFrontier(this.#seen, this.#sinceMicros))
        this.#isLive = true
        return index
      }
      for (const piece of inPieces(inArrivalOrder(flushes))) {
        await this.#tellGroups(await readGroups(reader, piece))
        if (this.#stream.signal.aborted) break
      }
    }
  }

  async #tellGroups(groups: readonly FlushGroup[]): Promise<void> {
    const { reader, now } = this.#options
    const unseen = groups.filter(({ flush }) => flush.flushNo > (this.#seen.get(flush.writerId)?.flushNo ?? 0))
    const candidates = unseen.flatMap((group) => group.candidates)
    const matches = new Set(await selectMatches(reader, this.#filter, candidates, new Date(now())))
    for (const { flush, candidates: own } of unseen) {
      const { writerId, flushNo, receivedMicros } = flush
      let base: string | undefined
      for (const candidate of own) {
        const { ordinal } = candidate.event
        if (!matches.has(candidate) || this.#wasTold(writerId, flushNo, ordinal)) continue
        base ??= writeFrontier(this.#seen, this.#sinceMicros)
        const id = base + writePlace({ writerId, flushNo, ordinal })
        if (this.#isLive) this.#outlet.tell(candidate, id)
        else await this.#outlet.tellPatiently(candidate, id)
        if (this.#stream.signal.aborted) return
      }
      this.#seen.set(writerId, { flushNo, receivedMicros })
    }
  }

  #wasTold(writerId: number, flushNo: number, ordinal: number): boolean {
    const within = this.#within
    return within?.writerId === writerId && within.flushNo === flushNo && ordinal <= within.ordinal
  }

  #ping(): void {
    if (this.#isLive) this.#outlet.mark('ping', writeFrontier(this.#seen, this.#sinceMicros))
    else this.#stream.comment()
  }
}
