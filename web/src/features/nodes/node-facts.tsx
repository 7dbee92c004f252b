import type { BoardNode } from '@groundtrack/collector/api'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { CopyButton } from '../../components/copy-button'
import { formatPrecise } from '../../lib/instant'
import { LastBeat } from './node-card'

const ORIGINS = { otlp: 'OpenTelemetry', mdk: 'MDK' } as const

/** What the process said about itself. */
export function NodeFacts({ id, node }: { id: string; node: BoardNode }) {
  return (
    <dl className="node-facts">
      <Fact name="Heartbeat">
        <LastBeat node={node} />
        {node.ttlSeconds !== null && <span className="turn-aside"> · time to live {node.ttlSeconds} s</span>}
      </Fact>
      <Fact name="First seen">{formatPrecise(node.firstSeen).replace(/\.\d+.*$/, '')}</Fact>
      <Fact name="Address">
        {node.address === undefined ? 'none: shown, never resolved' : <span className="mono">{node.address}</span>}
      </Fact>
      {node.host !== undefined && (
        <Fact name="Host">
          {node.host}
          {node.pid !== undefined && `, process ${node.pid}`}
        </Fact>
      )}
      {(node.runtime ?? node.sdk) !== undefined && <Fact name="Runs">{[node.runtime, node.sdk].filter(Boolean).join(', ')}</Fact>}
      {node.origin !== undefined && <Fact name="Reports through">{ORIGINS[node.origin]}</Fact>}
      {node.replaced !== undefined && (
        <Fact name="Came in place of">
          <Link to="/nodes/$node" params={{ node: node.replaced }} search={{}} className="mono">
            {node.replaced.slice(-12)}
          </Link>
        </Fact>
      )}
      <Fact name="Id">
        <span className="mono">{id}</span> <CopyButton text={id} label="Copy the id" />
      </Fact>
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
