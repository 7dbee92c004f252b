import type { EventView } from '../../api.js'

/** What an event says in words, whatever its kind. */
export function describeEvent(event: EventView): string {
  const reason = event.reason === undefined ? '' : `: ${event.reason}`
  switch (event.kind) {
    case 'log':
      return event.message
    case 'open':
      return `opened ${event.name ?? ''}`.trim()
    case 'close':
      return event.status === 'error' ? `closed with an error${reason}` : 'closed'
    case 'call':
      return `→ ${event.name ?? ''}${nameTarget(event)}${event.oneway ? ' (no answer wanted)' : ''}`
    case 'return':
      return `← ${event.status === 'cut' ? 'not sent, the breaker is open' : (event.status ?? '')}${reason}`
    case 'set':
      return `${event.key ?? ''} = ${JSON.stringify(event.value)}`
    case 'breaker':
      return `breaker${nameTarget(event)}: ${words(event.from)} → ${words(event.to)}${reason}`
  }
}

function nameTarget({ target }: EventView): string {
  const name = target?.service ?? target?.address ?? target?.node
  return name === undefined ? '' : ` to ${name}`
}

function words(state: string | undefined): string {
  return (state ?? '?').replace('_', ' ')
}
