import { spanOf, type BoardRow, type Density } from '../../lib/board-rows'
import type { BoardService } from '../../lib/board-groups'
import { cardKey } from '../../lib/board-groups'
import { ServiceDot } from '../../components/service-chip'
import { NODE_STATES } from '../../lib/board-search'
import { countOf, formatCount } from '../../lib/format'
import { STATE_SHAPES } from '../../lib/node-words'
import { NodeCard } from './node-card'
import { NodeTile } from './node-tile'

interface BoardRowProps {
  row: BoardRow
  density: Density
  columns: number
  hasSeveralEnvironments: boolean
}

export function BoardRowView({ row, density, columns, hasSeveralEnvironments }: BoardRowProps) {
  if (row.kind === 'services')
    return (
      <div className="board-services" style={{ '--columns': columns }}>
        {row.services.map((service) => (
          <ServiceHead
            key={`${service.service} ${service.environment}`}
            service={service}
            span={spanOf(service, row.services.length, columns)}
            isEnvironmentTold={hasSeveralEnvironments}
          />
        ))}
      </div>
    )
  if (row.kind === 'version')
    return (
      <h3 className="board-version">
        {row.version} <span>{countOf(row.count, 'node')}</span>
      </h3>
    )
  return (
    <ul className="board-cards" data-density={density} style={{ '--columns': columns }}>
      {row.nodes.map((node) => (
        <li key={cardKey(node)}>{density === 'tiles' ? <NodeTile node={node} /> : <NodeCard node={node} />}</li>
      ))}
    </ul>
  )
}

function ServiceHead({ service, span, isEnvironmentTold }: { service: BoardService; span: number; isEnvironmentTold: boolean }) {
  const { versions, counts, total, environment } = service
  return (
    <h2 className="board-service" style={{ gridColumn: `span ${span}` }}>
      <ServiceDot name={service.service} />
      <span className="board-service-name">{service.service}</span>
      {versions.length === 1 && <span className="board-aside">{versions[0]?.version}</span>}
      {isEnvironmentTold && <span className="board-aside">{environment}</span>}
      {total > 1 && (
        <span className="board-counts">
          {NODE_STATES.filter((state) => counts[state] > 0).map((state) => (
            <span key={state} data-state={state}>
              <span className="board-counts-shape" aria-hidden>
                {STATE_SHAPES[state]}
              </span>{' '}
              {formatCount(counts[state])} {state}
            </span>
          ))}
        </span>
      )}
    </h2>
  )
}
