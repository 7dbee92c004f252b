import { useDeliveries } from '../../api/deliveries'
import { EmptyState } from '../../components/empty-state'
import { PanelError } from '../../components/panel-error'
import { SkeletonRows } from '../../components/skeleton'
import type { DeliverySum } from '@groundtrack/collector/api'
import { isBalanced } from '../../lib/deliveries'
import { countOf, formatCount } from '../../lib/format'
import { usePageTitle } from '../../lib/use-page-title'
import { DeliveriesTable } from './deliveries-table'
import './deliveries.css'

/** What became of every event: nothing is lost without a word. */
export function DeliveriesPage() {
  const { data, error, refetch } = useDeliveries()
  usePageTitle('Deliveries')
  return (
    <>
      <header className="deliveries-head">
        <h1>Deliveries</h1>
        <p>
          Every event that a process logged is <b>stored</b>, <b>rejected</b> by the collector, <b>dropped</b> by the process, or{' '}
          <b>still held</b> by it. What none of these accounts for is <b>unexplained</b>.
        </p>
      </header>
      {error && <PanelError error={error} onRetry={() => void refetch()} />}
      {data === undefined && !error && <SkeletonRows count={8} height={40} />}
      {data?.services.length === 0 && (
        <EmptyState title="Nothing was delivered yet">
          <p>As soon as a process sends its first events, its service stands here with its equation.</p>
        </EmptyState>
      )}
      {data !== undefined && data.services.length > 0 && (
        <>
          <Balance sum={data.total} services={data.serviceCount} />
          <DeliveriesTable services={data.services} />
          {data.serviceCount > data.services.length && (
            <p className="deliveries-rest">{`Shown are the first ${formatCount(data.services.length)}; those that need a look stand on top.`}</p>
          )}
        </>
      )}
    </>
  )
}

function Balance({ sum, services }: { sum: DeliverySum; services: number }) {
  const of = `${formatCount(sum.logged)} events of ${countOf(services, 'service')}`
  return (
    <p className="deliveries-balance" data-tone={isBalanced(sum) ? 'ok' : 'warn'} role="status">
      <span aria-hidden>{isBalanced(sum) ? '✓' : '!'}</span>{' '}
      {isBalanced(sum)
        ? `All ${of} are accounted for`
        : `${formatCount(Math.max(sum.unexplained, Math.abs(gapOf(sum))))} of ${of} are not accounted for`}
    </p>
  )
}

/** What is on one side of the equation and not on the other. */
function gapOf(sum: DeliverySum): number {
  return sum.logged - sum.stored - sum.rejected - sum.dropped - sum.held
}
