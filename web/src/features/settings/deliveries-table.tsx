import type { DeliverySum, ProducerDeliveries, ServiceDeliveries } from '@groundtrack/collector/api'
import { ChevronRight } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { ServiceDot } from '../../components/service-chip'
import type { Part } from '../../lib/deliveries'
import { formatCount } from '../../lib/format'
import { formatPrecise, formatTime } from '../../lib/instant'
import { DeliveryBar } from './delivery-bar'

const COLUMNS: { part: Part; name: string; sign: string; tip: string }[] = [
  { part: 'stored', name: 'Stored', sign: '=', tip: 'In the database, to be searched' },
  { part: 'rejected', name: 'Rejected', sign: '+', tip: 'Refused by the collector, which said why' },
  { part: 'dropped', name: 'Dropped', sign: '+', tip: 'Given up by the process before it was sent, and reported' },
  { part: 'held', name: 'Still held', sign: '+', tip: 'Logged and not delivered yet, as far as the process has said' },
  { part: 'unexplained', name: 'Unexplained', sign: '+', tip: 'Numbers that were used and that nothing accounts for' },
]

/** The equation of each service as a row; a service opens to its processes. */
export function DeliveriesTable({ services }: { services: readonly ServiceDeliveries[] }) {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const toggle = (key: string) =>
    setOpened((now) => (now.has(key) ? new Set([...now].filter((each) => each !== key)) : new Set([...now, key])))
  return (
    <div className="deliveries-scroll">
      <table className="deliveries" aria-label="Deliveries by service">
        <thead>
          <tr>
            <th scope="col">Service</th>
            <Head name="Logged" tip="Events that its processes numbered" />
            {COLUMNS.map((column) => (
              <Head key={column.part} {...column} />
            ))}
            <th scope="col" className="deliveries-bar-cell">
              <span className="visually-hidden">Shares</span>
            </th>
          </tr>
        </thead>
        {services.map((each) => {
          const key = `${each.service} ${each.environment}`
          return <ServiceRows key={key} service={each} isOpen={opened.has(key)} onToggle={() => toggle(key)} />
        })}
      </table>
    </div>
  )
}

function Head({ name, sign, tip }: { name: string; sign?: string; tip: string }) {
  return (
    <th scope="col" className="deliveries-number" title={tip}>
      {sign !== undefined && (
        <span className="deliveries-sign" aria-hidden>
          {sign}{' '}
        </span>
      )}
      {name}
    </th>
  )
}

function ServiceRows({ service, isOpen, onToggle }: { service: ServiceDeliveries; isOpen: boolean; onToggle: () => void }) {
  const { producers } = service
  const name = `${service.service}, ${service.environment}`
  return (
    <tbody data-open={isOpen}>
      <Row sum={service}>
        <th scope="row">
          <button type="button" className="deliveries-toggle" aria-expanded={isOpen} aria-label={`Processes of ${name}`} onClick={onToggle}>
            <ChevronRight size={14} aria-hidden />
          </button>
          <ServiceDot name={service.service} /> {service.service} <span className="deliveries-aside">{service.environment}</span>
        </th>
      </Row>
      {isOpen &&
        producers.map((producer) => (
          <Row key={`${producer.producer} ${producer.epoch}`} sum={producer}>
            <ProducerName producer={producer} />
          </Row>
        ))}
      {isOpen && service.producerCount > producers.length && (
        <tr>
          <th scope="row" colSpan={8} className="deliveries-producer">
            {`and ${formatCount(service.producerCount - producers.length)} more, of which nothing is to be told`}
          </th>
        </tr>
      )}
    </tbody>
  )
}

function ProducerName({ producer }: { producer: ProducerDeliveries }) {
  return (
    <th
      scope="row"
      className="deliveries-producer"
      title={`process ${producer.node}, producer ${producer.producer}, epoch ${producer.epoch}`}
    >
      <span className="mono">{producer.node.slice(-8)}</span>
      <span className="deliveries-aside" title={formatPrecise(producer.lastSeen)}>
        {' '}
        last seen {formatTime(producer.lastSeen).slice(0, 8)}
      </span>
    </th>
  )
}

function Row({ sum, children }: { sum: DeliverySum; children: ReactNode }) {
  return (
    <tr>
      {children}
      <td className="deliveries-number">{formatCount(sum.logged)}</td>
      {COLUMNS.map(({ part }) => (
        <td key={part} className="deliveries-number" data-part={part} data-none={sum[part] === 0}>
          {sum[part] === 0 ? '–' : formatCount(sum[part])}
        </td>
      ))}
      <td className="deliveries-bar-cell">
        <DeliveryBar sum={sum} />
      </td>
    </tr>
  )
}
