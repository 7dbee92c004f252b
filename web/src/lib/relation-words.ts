import type { EventPlace, RelationView } from '@groundtrack/collector/api'

type Edge = RelationView['edges'][number]

/** "{span}:{n}" → its parts; undefined for the id of an event without a number. */
export function readPlace(line: string): EventPlace | undefined {
  const match = /^([0-9a-f]{16}):(\d+)$/.exec(line)
  return match?.[1] === undefined ? undefined : { span: match[1], n: Number(match[2]) }
}

export function placeName({ span, n }: EventPlace): string {
  return `${span}:${n}`
}

/** The answer to "why this order?", in a sentence about the two lines by their words. */
export function relationWords(relation: RelationView['relation'], first: string, second: string): string {
  if (relation === 'concurrent')
    return `Neither caused the other: nothing says whether ${first} or ${second} happened first. Where one list shows them, their corrected times decide.`
  const [earlier, later] = relation === 'before' ? [first, second] : [second, first]
  return `${earlier} happened before ${later}.`
}

/** Why one edge of the chain holds. */
export const EDGE_WORDS: Record<Edge['by'], string> = {
  hop: 'later in the same step',
  call: 'its call started this step',
  return: 'its answer came back',
}

/** Edges as the lines that they lead through: neighbours within one step become one. */
export function chainOf(edges: readonly Edge[]): { by: Edge['by'] | undefined; place: EventPlace }[] {
  const joined: Edge[] = []
  for (const edge of edges) {
    const before = joined.at(-1)
    if (before?.by === 'hop' && edge.by === 'hop' && before.to.span === edge.from.span)
      joined[joined.length - 1] = { ...before, to: edge.to }
    else joined.push(edge)
  }
  const first = joined[0]
  return first === undefined ? [] : [{ by: undefined, place: first.from }, ...joined.map((edge) => ({ by: edge.by, place: edge.to }))]
}
