import type { BoardNode, NodesBoard, NodeState } from '../../api.js'
import { askJson, type CollectorAddress } from './collector-client.js'
import { formatAge } from './format-numbers.js'
import { formatTable } from './format-table.js'
import type { Output } from './output.js'
import { paint, serviceStyle, visible, type Style } from './terminal.js'

export interface BoardCommand {
  address: CollectorAddress
  isJson: boolean
  output: Output
}

const STATES: Readonly<Record<NodeState, { sign: string; style: Style }>> = {
  up: { sign: '●', style: 'green' },
  stale: { sign: '◐', style: 'yellow' },
  gone: { sign: '○', style: 'red' },
  restarting: { sign: '↻', style: 'cyan' },
  unknown: { sign: '?', style: 'gray' },
}
const PAGE = 1_000

/** Writes who is there: one line a node and service. */
export async function runNodes({ address, isJson, output }: BoardCommand): Promise<void> {
  const nodes: BoardNode[] = []
  let board: NodesBoard | undefined
  for (let cursor: string | null = ''; cursor !== null; cursor = board.next) {
    board = await askJson<NodesBoard>(address, `/api/v1/nodes?limit=${PAGE}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`)
    nodes.push(...board.items)
  }
  if (isJson) {
    for (const node of nodes) await output.write(JSON.stringify(node))
    return
  }
  if (nodes.length === 0) return output.note('no node has registered yet')
  if (board?.registry.state === 'degraded') output.note('many nodes fell silent at once: none is declared gone until that is clear')
  const { terminal } = output
  const nowMs = Date.parse(board?.asOf ?? '')
  const rows = nodes.map((node) => {
    const { sign, style } = STATES[node.state]
    return [
      { text: `${sign} ${node.state}`, style },
      { text: visible(terminal, node.name), style: serviceStyle(node.service) },
      { text: visible(terminal, node.version) },
      { text: visible(terminal, node.environment) },
      { text: formatAge(node.lastBeat, nowMs) },
      { text: visible(terminal, node.address ?? '') },
      { text: node.openBreakers === 0 ? '' : `${node.openBreakers} open`, style: 'red' as const },
    ]
  })
  for (const line of formatTable(['state', 'node', 'version', 'environment', 'last beat', 'address', 'breakers'], rows, (style, text) =>
    paint(terminal, style, text),
  ))
    await output.write(line)
}
