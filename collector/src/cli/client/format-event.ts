import type { EventView, Level } from '../../api.js'
import { describeEvent } from './describe-event.js'
import { paint, serviceStyle, visible, type Style, type Terminal } from './terminal.js'

const LEVEL_STYLES: Readonly<Record<Level, Style>> = {
  trace: 'gray',
  debug: 'gray',
  info: 'white',
  warn: 'yellow',
  error: 'red',
  critical: ['bold', 'white', 'bgRed'],
}
const LEVEL_WORDS: Readonly<Record<Level, string>> = {
  trace: 'TRACE',
  debug: 'DEBUG',
  info: 'INFO ',
  warn: 'WARN ',
  error: 'ERROR',
  critical: 'CRIT ',
}
const SESSION_DIGITS = 8

/** An event as one line: time of day, level, service, the end of its session's id, message, attributes. */
export function formatEvent(terminal: Terminal, event: EventView, options: { isOneSession: boolean }): string {
  const session = event.flags.includes('process') ? 'process ' : event.session.slice(-SESSION_DIGITS)
  const words = [
    paint(terminal, 'gray', formatTime(event.time)),
    paint(terminal, LEVEL_STYLES[event.level], LEVEL_WORDS[event.level]),
    paint(terminal, serviceStyle(event.service), visible(terminal, event.service || '?')),
    ...(options.isOneSession ? [] : [paint(terminal, 'gray', session)]),
    formatText(terminal, event),
    paint(terminal, 'gray', formatAttributes(terminal, event.attributes)),
  ]
  return words.filter((word) => word !== '').join(' ')
}

/** What an event says, coloured where it is bad. */
export function formatText(terminal: Terminal, event: EventView): string {
  const text = visible(terminal, describeEvent(event))
  const category = event.category === '' ? '' : `${paint(terminal, 'gray', visible(terminal, event.category))} `
  const isBad = event.level === 'error' || event.level === 'critical' || event.status === 'error' || event.status === 'timeout'
  return category + (isBad ? paint(terminal, 'red', text) : text)
}

/** `key=value …`; text with blanks or quotes as JSON. */
export function formatAttributes(terminal: Terminal, attributes: Record<string, unknown> | null): string {
  return Object.entries(attributes ?? {})
    .map(([key, value]) => visible(terminal, `${key}=${formatValue(value)}`))
    .join(' ')
}

function formatValue(value: unknown): string {
  return typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value)
}

/** Local time of day, to the millisecond. */
export function formatTime(iso: string): string {
  const date = new Date(iso)
  const two = (number: number) => String(number).padStart(2, '0')
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`
}
