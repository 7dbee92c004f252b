import type { DeliverySum } from '@groundtrack/collector/api'
import { sharesOf, type Part } from '../../lib/deliveries'
import { formatCount } from '../../lib/format'

const NAMES: Record<Part, string> = {
  stored: 'stored',
  held: 'still held',
  dropped: 'dropped',
  rejected: 'rejected',
  unexplained: 'unexplained',
}

/** The right side of the equation as one bar. The table beside it says the same in numbers. */
export function DeliveryBar({ sum }: { sum: DeliverySum }) {
  return (
    <span className="delivery-bar" aria-hidden>
      {sharesOf(sum).map(({ part, share }) => (
        <span key={part} data-part={part} style={{ width: `${share * 100}%` }} title={`${formatCount(sum[part])} ${NAMES[part]}`} />
      ))}
    </span>
  )
}
