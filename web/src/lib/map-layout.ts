import { Graph, layout } from '@dagrejs/dagre'
import type { ServiceMap } from '@groundtrack/collector/api'
import { pairName } from './board-search'
import { compareNames } from './board-groups'

export interface Point {
  x: number
  y: number
}

export interface MapLayout {
  width: number
  height: number
  /** Middle of each service's box. */
  services: ReadonlyMap<string, Point>
  /** Way of each call from box to box, and the middle of its label. */
  edges: ReadonlyMap<string, { points: readonly Point[]; label: Point }>
}

/** Who is on the map, whoever they are and however much they say. */
export interface Topology {
  services: readonly string[]
  /** Pairs as `pairName` writes them. */
  edges: readonly (readonly [from: string, to: string])[]
}

export const BOX = { width: 188, height: 62 }
export const LABEL = { width: 104, height: 40 }
const MARGIN = 24
/** Width to height of the room that a map usually has. */
const SHEET_RATIO = 1.2

/** Services and calls of several answers together, in an order of their own: the same members give the same layout. */
export function joinTopology(known: Topology, maps: readonly Pick<ServiceMap, 'services' | 'edges'>[]): Topology {
  const edges = new Map(known.edges.map((edge) => [pairName(...edge), edge]))
  for (const { from, to } of maps.flatMap((map) => map.edges)) edges.set(pairName(from, to), [from, to])
  const ends = [...edges.values()].flat()
  const services = new Set([...known.services, ...maps.flatMap((map) => map.services.map(({ id }) => id)), ...ends])
  return {
    services: [...services].toSorted(compareNames),
    edges: [...edges.values()].toSorted((a, b) => compareNames(a[0], b[0]) || compareNames(a[1], b[1])),
  }
}

export function isSameTopology(a: Topology, b: Topology): boolean {
  return a.services.length === b.services.length && a.edges.length === b.edges.length
}

/**
 * Places for boxes and lines: callers above whom they call, or left of them, whichever fills a sheet better. Depends on the
 * topology alone, never on what is measured.
 */
export function layoutMap(topology: Topology): MapLayout {
  const [down, across] = [layoutTowards('TB', topology), layoutTowards('LR', topology)]
  return sheetFor(across) < sheetFor(down) ? across : down
}

/** Height of the sheet of the usual shape that holds it. */
function sheetFor({ width, height }: MapLayout): number {
  return Math.max(width / SHEET_RATIO, height)
}

function layoutTowards(rankdir: 'TB' | 'LR', { services, edges }: Topology): MapLayout {
  // dagre keeps nodes in plain objects, where a service named __proto__ would be no key of its own.
  const keys = new Map(services.map((service, index) => [service, `s${index}`]))
  const keyOf = (service: string) => keys.get(service) ?? ''
  const graph = new Graph({ multigraph: false })
  graph.setGraph({ rankdir, nodesep: 40, edgesep: 24, ranksep: 30, marginx: MARGIN, marginy: MARGIN })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const service of services) graph.setNode(keyOf(service), { ...BOX })
  for (const [from, to] of edges) graph.setEdge(keyOf(from), keyOf(to), { ...LABEL, labelpos: 'c' })
  layout(graph)
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number }
  return {
    width: Math.max(width, BOX.width + 2 * MARGIN),
    height: Math.max(height, BOX.height + 2 * MARGIN),
    services: new Map(services.map((service) => [service, pointOf(graph.node(keyOf(service)))])),
    edges: new Map(
      edges.map(([from, to]) => {
        const edge = graph.edge(keyOf(from), keyOf(to)) as { points?: Point[]; x?: number; y?: number }
        const points = edge.points ?? []
        const middle = points[Math.floor(points.length / 2)] ?? { x: 0, y: 0 }
        return [pairName(from, to), { points, label: { x: edge.x ?? middle.x, y: edge.y ?? middle.y } }]
      }),
    ),
  }
}

/** A line through the points, its corners rounded off: SVG path data. */
export function smoothPath(points: readonly Point[]): string {
  const [first, ...rest] = points
  const last = rest.at(-1)
  if (first === undefined || last === undefined) return ''
  const middles = rest.slice(0, -1).map((point, index) => ({ point, middle: between(point, rest[index + 1] ?? point) }))
  const bends = middles.map(({ point, middle }, index) =>
    index === middles.length - 1 ? `Q${at(point)} ${at(last)}` : `Q${at(point)} ${at(middle)}`,
  )
  return `M${at(first)}${bends.length === 0 ? `L${at(last)}` : bends.join('')}`
}

function pointOf(node: unknown): Point {
  const { x = 0, y = 0 } = node as { x?: number; y?: number }
  return { x, y }
}

function between(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
}

function at({ x, y }: Point): string {
  return `${round(x)},${round(y)}`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
