import type { BoardNode } from '@groundtrack/collector/api'
import { useRouter } from '@tanstack/react-router'
import { memo, type MouseEvent } from 'react'
import { Age } from '../../components/age'
import { NodeStateMark } from '../../components/node-state'
import { lastHourWords } from '../../lib/node-words'

/** One of very many nodes: state, name, and how long it has not been up. Its link is a plain one: hundreds scroll by. */
export const NodeTile = memo(function NodeTile({ node }: { node: BoardNode }) {
  const router = useRouter()
  const open = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    void router.navigate({ to: '/nodes/$node', params: { node: node.id }, search: {} })
  }
  return (
    <a
      href={`/nodes/${node.id}`}
      onClick={open}
      data-row-link
      className="node-tile"
      data-state={node.state}
      title={`${node.name} ${node.state}; last hour: ${lastHourWords(node.lastHour)}`}
    >
      <NodeStateMark state={node.state} alone />
      <span className="node-tile-name">{node.name}</span>
      <span className="node-tile-age">
        {node.state === 'up' ? node.lastBeat && <Age since={node.lastBeat} short /> : <Age since={node.since} short />}
      </span>
    </a>
  )
})
