import type { DroppedRange, Taken } from './buffer.js'
import { hopOfLine, joinRanges, MAX_HOPS_OF_BATCH, touching } from './hop-ranges.js'

export interface NodeInfo {
  id: string
  service: string
  version: string
  environment: string
  address?: string
  host?: string
  pid?: number
  runtime: string
  sdk: string
}

/** Who numbers the events. */
export interface Producer {
  id: string
  epoch: number
}

/** A batch as it was first sent. Never edited: every retry sends these bytes. */
export interface FrozenBatch {
  producer: string
  epoch: number
  first: number
  last: number
  events: number
  /** Gzipped. */
  body: Uint8Array
}

/** The text of a batch: header, then a line for each event. */
export function encodeBatch(producer: Producer, node: NodeInfo, taken: Taken, sentMs: number): string {
  const header = {
    v: 1,
    producer: producer.id,
    epoch: producer.epoch,
    first: taken.first,
    last: taken.last,
    sent: Math.round(sentMs * 1000) / 1000,
    node,
    ...(taken.dropped.length > 0 ? { dropped: taken.dropped } : {}),
  }
  let text = JSON.stringify(header)
  for (let i = 0; i < taken.lines.length; i++) text += `\n{"seq":${taken.numbers[i]}${taken.lines[i]}`
  return text + '\n'
}

/** What went into a batch, read back from its text. */
export function decodeBatch(text: string): Taken {
  const [head = '', ...rest] = text.trimEnd().split('\n')
  const header = JSON.parse(head) as { first: number; last: number; dropped?: DroppedRange[] }
  const taken: Taken = { first: header.first, last: header.last, lines: [], numbers: [], dropped: header.dropped ?? [] }
  for (const line of rest) {
    const end = line.indexOf(',')
    taken.numbers.push(Number(line.slice('{"seq":'.length, end)))
    taken.lines.push(line.slice(end))
  }
  return taken
}

/** The same content under numbers from `first` on. */
export function renumbered(taken: Taken, first: number): Taken {
  const by = first - taken.first
  return {
    first,
    last: taken.last + by,
    lines: taken.lines,
    numbers: taken.numbers.map((number) => number + by),
    dropped: taken.dropped.map((range) => ({ ...range, first: range.first + by, last: range.last + by })),
  }
}

/** Two halves of about as many events each; the same where one event is all there is. */
export function halves(taken: Taken): Taken[] {
  const middle = taken.numbers[Math.floor(taken.numbers.length / 2)]
  if (middle === undefined || taken.numbers.length < 2) return [taken]
  const cut = Math.floor(taken.numbers.length / 2)
  return [
    {
      first: taken.first,
      last: middle - 1,
      lines: taken.lines.slice(0, cut),
      numbers: taken.numbers.slice(0, cut),
      dropped: taken.dropped.filter((range) => range.first < middle),
    },
    {
      first: middle,
      last: taken.last,
      lines: taken.lines.slice(cut),
      numbers: taken.numbers.slice(cut),
      dropped: taken.dropped.filter((range) => range.first > middle),
    },
  ]
}

/** All events of a batch given up for `reason`, with their hops as far as one batch may list them. */
export function givenUp(taken: Taken, reason: string): Taken {
  const runs: DroppedRange[] = []
  let listed = taken.dropped.reduce((sum, { hops = [] }) => sum + hops.length, 0)
  for (const [i, seq] of taken.numbers.entries()) {
    let run = runs.at(-1)
    if (run === undefined || run.last + 1 !== seq) runs.push((run = { first: seq, last: seq, reason, count: 0 }))
    run.last = seq
    run.count = (run.count ?? 0) + 1
    const range = hopOfLine(taken.lines[i] ?? '')
    const hops = run.hops ?? []
    if (range === undefined || (listed >= MAX_HOPS_OF_BATCH && touching(hops, range) === undefined)) continue
    listed -= hops.length
    joinRanges(hops, [range])
    listed += hops.length
    run.hops = hops
  }
  const dropped = [...taken.dropped, ...runs].toSorted((a, b) => a.first - b.first)
  return { first: taken.first, last: taken.last, lines: [], numbers: [], dropped }
}

/** The shortest thing that can be said of these numbers: one range, without the hops. */
export function allDropped({ first, last }: Pick<Taken, 'first' | 'last'>, reason: string): Taken {
  return { first, last, lines: [], numbers: [], dropped: [{ first, last, reason, count: last - first + 1 }] }
}
