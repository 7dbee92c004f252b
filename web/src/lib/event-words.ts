import type { EventView } from '@groundtrack/collector/api'
import { formatDuration } from './format'

/** What an event of its kind says, in one line. The message of a log line is its own. */
export function eventWords(event: EventView, processName: (node: string) => string | undefined = () => undefined): string {
  switch (event.kind) {
    case 'open':
      return event.name ?? event.message
    case 'close':
      return event.status === 'error' ? withReason('failed', event.reason) : 'done'
    case 'call':
      return [targetWords(event, processName), event.name].filter((part) => part !== undefined && part !== '').join(' · ')
    case 'return':
      return returnWords(event)
    case 'set':
      return `${event.key ?? '?'} = ${valueWords(event.value)}`
    case 'breaker':
      return breakerWords(event, processName)
    default:
      return event.message
  }
}

/** Attributes in one faint line: "order.id=40117 sku=A-17". */
export function attributeWords(attributes: Record<string, unknown> | null): string {
  if (attributes === null) return ''
  return Object.entries(attributes).map(([name, value]) => `${name}=${valueWords(value)}`).join(' ') // prettier-ignore
}

export function valueWords(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
}

function targetWords({ target }: EventView, processName: (node: string) => string | undefined): string {
  if (target == null) return 'call'
  const service = [target.service, target.version].filter(Boolean).join(' ')
  const process = target.node === undefined ? undefined : processName(target.node)
  if (service === '') return process ?? target.address?.replace(/^https?:\/\//, '') ?? 'call'
  return process === undefined || process === target.service ? service : `${service} · ${process}`
}

function returnWords({ status, reason, message }: EventView): string {
  if (status === 'ok') return 'answered'
  if (status === 'cut') return withReason('not sent, the breaker is open', reason)
  if (status === 'timeout') return withReason('timed out', reason)
  return withReason('call failed', reason ?? (message === '' ? undefined : message))
}

function breakerWords(event: EventView, processName: (node: string) => string | undefined): string {
  const target =
    (event.target?.node === undefined ? undefined : processName(event.target.node)) ??
    event.target?.service ??
    event.target?.address ??
    'its target'
  const failures = event.to === 'open' && event.failures !== undefined ? ` after ${event.failures} failures` : ''
  const turned = event.to === 'open' ? 'opened' : event.to === 'closed' ? 'closed' : 'half open: one call is let through'
  return withReason(`breaker to ${target} ${turned}${failures}`, event.reason)
}

function withReason(words: string, reason: string | undefined): string {
  return reason === undefined || reason === '' ? words : `${words}: ${reason}`
}

/** "197 ms left" of the deadline. */
export function budgetWords(remainingMs: number): string {
  return remainingMs >= 0 ? `${formatDuration(remainingMs)} left` : `${formatDuration(-remainingMs)} over`
}
