import { Age } from '../../components/age'
import { formatAge } from '../../lib/age'
import { pairName } from '../../lib/board-search'
import { cellAt, type Axis, type Matrix, type MatrixCell } from '../../lib/breaker-matrix'
import { BREAKER_NAMES, describeBreaker } from '../../lib/breaker-words'
import { formatCount } from '../../lib/format'
import { serviceColour } from '../../lib/service-hue'
import { useServerNow } from '../../lib/server-clock'

interface BreakerMatrixProps {
  matrix: Matrix
  chosen: string | undefined
  onChoose: (breaker: string) => void
  onPair: (pair: string) => void
}

/** Callers down, callees across. Where single nodes would be too many, services; a cell then tells the worst of its breakers. */
export function BreakerMatrix({ matrix, chosen, onChoose, onPair }: BreakerMatrixProps) {
  const { callers, callees, isByService } = matrix
  if (callers.length === 0) return null
  return (
    <div className="matrix-scroll">
      <table className="matrix" aria-label={isByService ? 'Breakers by caller and called service' : 'Breakers by caller and callee'}>
        <thead>
          <tr>
            <td aria-label="caller, callee" />
            {callees.map((callee) => (
              <th key={callee.key} scope="col" title={callee.name}>
                <AxisName axis={callee} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {callers.map((caller) => (
            <tr key={caller.key}>
              <th scope="row" title={caller.name}>
                <AxisName axis={caller} />
              </th>
              {callees.map((callee) => {
                const cell = cellAt(matrix, caller, callee)
                const only = cell?.breakers.length === 1 && !isByService ? cell.breakers[0] : undefined
                return (
                  <td key={callee.key}>
                    {cell === undefined ? (
                      <span className="matrix-none" />
                    ) : (
                      <Cell
                        cell={cell}
                        caller={caller}
                        callee={callee}
                        isChosen={cell.breakers.some(({ id }) => id === chosen)}
                        onPress={() =>
                          only === undefined ? onPair(pairName(caller.service ?? caller.key, callee.key)) : onChoose(only.id)
                        }
                      />
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function AxisName({ axis }: { axis: Axis }) {
  return (
    <span className="matrix-name" style={{ '--service': axis.service === undefined ? 'var(--muted)' : serviceColour(axis.service) }}>
      {axis.name}
    </span>
  )
}

interface CellProps {
  cell: MatrixCell
  caller: Axis
  callee: Axis
  isChosen: boolean
  onPress: () => void
}

function Cell({ cell, caller, callee, isChosen, onPress }: CellProps) {
  const now = useServerNow()
  const breaker = cell.breakers[0]
  const isOne = cell.breakers.length === 1
  if (breaker === undefined) return null
  const words = isOne
    ? describeBreaker(breaker, now)
    : `${caller.name} to ${callee.name}: ${formatCount(cell.inState)} of ${formatCount(cell.breakers.length)} ${BREAKER_NAMES[cell.state]}`
  return (
    <button
      type="button"
      className="matrix-cell"
      data-breaker={cell.state}
      aria-pressed={isChosen}
      aria-label={words}
      title={words}
      onClick={onPress}
    >
      <b>{BREAKER_NAMES[cell.state]}</b>
      <span>{isOne ? <Age since={breaker.since} short /> : `${formatCount(cell.inState)} of ${formatCount(cell.breakers.length)}`}</span>
      {isOne && breaker.state === 'open' && <span>{retest(breaker.failures, breaker.retestAt, now)}</span>}
      {isOne && breaker.state === 'unknown' && <span>no report</span>}
    </button>
  )
}

/** "3✕ ↻ 22 s": failures, and when it is tried again. */
function retest(failures: number, retestAt: string | undefined, now: number): string {
  const inMs = retestAt === undefined ? undefined : Date.parse(retestAt) - now
  const next = inMs === undefined ? [] : [inMs > 0 ? `↻ ${formatAge(inMs)}` : '↻ due']
  return [`${formatCount(failures)}✕`, ...next].join(' ')
}
