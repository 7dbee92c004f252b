import type { BoardNode } from '@groundtrack/collector/api'
import { cardKey, type BoardService } from './board-groups'

/** A line of the board as it is drawn: a service's name, a version's where there are several, or nodes side by side. */
export type BoardRow =
  | { kind: 'service'; key: string; service: BoardService; first: boolean }
  | { kind: 'version'; key: string; version: string; count: number }
  | { kind: 'nodes'; key: string; nodes: BoardNode[]; isLast: boolean }

/** `cards` say all; `tiles` say name, state and age. */
export type Density = 'cards' | 'tiles'

/** Up to this many nodes each have a whole card. */
const MOST_CARDS = 60

export function densityFor(nodes: number): Density {
  return nodes <= MOST_CARDS ? 'cards' : 'tiles'
}

/** How many cards or tiles stand side by side, and how high a row is, in pixels. */
export function measureBoard(widthPx: number, density: Density, gapPx: number): { columns: number } {
  const least = density === 'cards' ? 300 : 158
  return { columns: Math.max(1, Math.floor((widthPx + gapPx) / (least + gapPx))) }
}

/** The board as rows, so that only those in view need be drawn. */
export function layoutRows(services: readonly BoardService[], columns: number): BoardRow[] {
  const rows: BoardRow[] = []
  for (const [index, service] of services.entries()) {
    const key = `${service.service} ${service.environment}`
    rows.push({ kind: 'service', key, service, first: index === 0 })
    for (const { version, nodes } of service.versions) {
      if (service.versions.length > 1) rows.push({ kind: 'version', key: `${key} ${version}`, version, count: nodes.length })
      for (let at = 0; at < nodes.length; at += columns) {
        const side = nodes.slice(at, at + columns)
        rows.push({
          kind: 'nodes',
          key: side[0] ? cardKey(side[0]) : `${key} ${version} ${at}`,
          nodes: side,
          isLast: at + columns >= nodes.length,
        })
      }
    }
  }
  return rows
}
