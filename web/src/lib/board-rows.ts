import type { BoardNode } from '@groundtrack/collector/api'
import type { BoardService } from './board-groups'

/** A line of the board as it is drawn: names of services, a version's where there are several, or nodes side by side. */
export type BoardRow =
  | { kind: 'services'; key: string; services: BoardService[] }
  | { kind: 'version'; key: string; version: string; count: number }
  | { kind: 'nodes'; key: string; nodes: BoardNode[] }

/** `large` and `cards` say all, the former so that it is read from afar; `tiles` say name, state and age. */
export type Density = 'large' | 'cards' | 'tiles'

/** Up to this many nodes each have a whole card. */
const MOST_CARDS = 60
/** Up to this many have a large one, where there is room. */
const MOST_LARGE = 24
const LARGE_FROM_PX = 1_100
const LEAST_WIDTH_PX: Readonly<Record<Density, number>> = { large: 440, cards: 310, tiles: 158 }

export function densityFor(nodes: number, widthPx: number): Density {
  if (nodes > MOST_CARDS) return 'tiles'
  return nodes <= MOST_LARGE && widthPx >= LARGE_FROM_PX ? 'large' : 'cards'
}

/** How many cards or tiles stand side by side. */
export function columnsFor(widthPx: number, density: Density, gapPx: number): number {
  return Math.max(1, Math.floor((widthPx + gapPx) / (LEAST_WIDTH_PX[density] + gapPx)))
}

/** The board as rows, so that only those in view need be drawn. Small services stand side by side, as far as they fit. */
export function layoutRows(services: readonly BoardService[], columns: number): BoardRow[] {
  return shelve(services, columns).flatMap((shelf) => {
    const head: BoardRow = { kind: 'services', key: shelf.map(nameOf).join(', '), services: shelf }
    const [first] = shelf
    if (first === undefined) return []
    if (shelf.length === 1) return [head, ...rowsOf(first, columns)]
    const nodes = shelf.flatMap((service) => service.versions.flatMap((version) => version.nodes))
    return [head, { kind: 'nodes', key: `${head.key} nodes`, nodes }]
  })
}

/** How many columns a service's name spans: as many as its nodes, where it has neighbours. */
export function spanOf(service: BoardService, neighbours: number, columns: number): number {
  return neighbours > 1 ? service.total : columns
}

/** Neighbours in the order of names, as long as all their nodes stand in one row. */
function shelve(services: readonly BoardService[], columns: number): BoardService[][] {
  const shelves: BoardService[][] = []
  let room = 0
  for (const service of services) {
    const fits = service.versions.length === 1 && service.total <= room
    if (fits) shelves.at(-1)?.push(service)
    else shelves.push([service])
    room = (fits ? room : service.versions.length === 1 ? columns : 0) - service.total
  }
  return shelves
}

function rowsOf(service: BoardService, columns: number): BoardRow[] {
  return service.versions.flatMap(({ version, nodes }) => {
    const key = `${nameOf(service)} ${version}`
    const rows: BoardRow[] = service.versions.length > 1 ? [{ kind: 'version', key, version, count: nodes.length }] : []
    for (let at = 0; at < nodes.length; at += columns)
      rows.push({ kind: 'nodes', key: `${key} ${at}`, nodes: nodes.slice(at, at + columns) })
    return rows
  })
}

function nameOf({ service, environment }: BoardService): string {
  return `${service} ${environment}`
}
