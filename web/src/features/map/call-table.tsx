import type { MapEdge, ServiceMap } from '@groundtrack/collector/api'
import { BreakerTag } from '../../components/breaker-state'
import { ServiceDot } from '../../components/service-chip'
import { holdsAll, splitWords } from '../../lib/board-groups'
import { formatDuration } from '../../lib/format'
import { edgeKey, sortEdges, worstBreaker } from '../../lib/map-words'
import { formatRate, formatShare } from '../../lib/node-words'

interface CallTableProps {
  map: ServiceMap
  words: string
  shown: string | undefined
  onShow: (show: string) => void
}

/** All of the map as a table. On a narrow screen it is the map. */
export function CallTable({ map, words, shown, onShow }: CallTableProps) {
  const wanted = splitWords(words)
  const edges = sortEdges(map.edges).filter(({ from, to }) => holdsAll(`${from} ${to}`.toLowerCase(), wanted))
  return (
    <table className="call-table" aria-label="Calls between services">
      <thead>
        <tr>
          <th scope="col">Caller → called</th>
          <th scope="col" className="number" title="Calls a second">
            Calls/s
          </th>
          <th scope="col" className="number" title="Share that ended with an error, at the deadline, or was not sent for an open breaker">
            Failed
          </th>
          <th scope="col" className="number" title="Of a hundred calls, ninety-five are answered faster">
            p95
          </th>
          <th scope="col" title="The worst state of the breakers between them">
            Breaker
          </th>
        </tr>
      </thead>
      <tbody>
        {edges.map((edge) => (
          <Row key={edgeKey(edge)} edge={edge} isShown={edgeKey(edge) === shown} onShow={onShow} />
        ))}
        {edges.length === 0 && (
          <tr>
            <td colSpan={5} className="call-table-none">
              {wanted.length > 0 ? 'No call matches.' : 'No calls in this time.'}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  )
}

function Row({ edge, isShown, onShow }: { edge: MapEdge; isShown: boolean; onShow: (show: string) => void }) {
  const breaker = worstBreaker(edge)
  return (
    <tr data-shown={isShown}>
      <th scope="row">
        <span className="call-table-ends">
          <ServiceDot name={edge.from} />
          <button type="button" className="call-table-name" title={edge.from} onClick={() => onShow(edge.from)}>
            {edge.from}
          </button>
          <button
            type="button"
            className="call-table-arrow"
            aria-label={`Calls from ${edge.from} to ${edge.to}`}
            aria-pressed={isShown}
            onClick={() => onShow(edgeKey(edge))}
          >
            →
          </button>
          <button type="button" className="call-table-name" title={edge.to} onClick={() => onShow(edge.to)}>
            {edge.to}
          </button>
        </span>
      </th>
      <td className="number">{edge.calls === 0 ? '–' : formatRate(edge.callsPerSecond)}</td>
      <td className="number" data-wrong={edge.errorShare > 0}>
        {edge.errorShare > 0 ? formatShare(edge.errorShare) : '–'}
      </td>
      <td className="number">{edge.p95Ms === null ? '–' : formatDuration(edge.p95Ms)}</td>
      <td>{breaker === undefined ? <span className="call-table-quiet">none</span> : <BreakerTag state={breaker} />}</td>
    </tr>
  )
}
