import type { NodeState } from '@groundtrack/collector/api'
import { STATE_SHAPES, STATE_TIPS } from '../lib/node-words'
import './registry-marks.css'

/** A node's state as a shape. Its word stands beside it, unless `alone`. */
export function NodeStateMark({ state, alone = false }: { state: NodeState; alone?: boolean }) {
  return (
    <span className="node-state" data-state={state} title={alone ? state : STATE_TIPS[state]}>
      <span className="node-state-shape" aria-hidden>
        {STATE_SHAPES[state]}
      </span>
      <span className={alone ? 'visually-hidden' : 'node-state-word'}>{state}</span>
    </span>
  )
}
