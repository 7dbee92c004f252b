import { serviceColour } from '../lib/service-hue'
import './marks.css'

/** A service's name in its colour. */
export function ServiceChip({ name }: { name: string }) {
  return (
    <span className="service-chip" style={{ '--service': serviceColour(name) }}>
      {name}
    </span>
  )
}

/** A service's colour as a small square, beside its name. */
export function ServiceDot({ name }: { name: string }) {
  return <span className="service-dot" style={{ '--service': serviceColour(name) }} aria-hidden />
}
