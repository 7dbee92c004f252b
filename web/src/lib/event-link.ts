import type { EventView, MissingRow } from '@groundtrack/collector/api'

/** Names a line in a link: "{span}:{n}", or the event's id where it has no number. */
export function lineName(row: EventView | MissingRow): string {
  if ('from' in row && row.kind === 'missing') return `${row.span}:${row.from}`
  const event = row as EventView
  const n = eventNumber(event)
  return event.span !== null && n !== undefined ? `${event.span}:${n}` : event.id
}

/** The event's number in its step: the last of its clock. */
export function eventNumber(event: EventView): number | undefined {
  return event.clock?.at(-1)
}

export function isProcessEvent(event: EventView): boolean {
  return event.flags.includes('process')
}
