import { styleText } from 'node:util'
import { harmlessText } from '../harmless-text.js'

/** How a command writes: for a person at a terminal, or for a program at the end of a pipe. */
export interface Terminal {
  isColoured: boolean
  /** Control characters of log text go out as they are. */
  isRaw: boolean
  columns: number
}

export type Style = Parameters<typeof styleText>[0]

/** NO_COLOR and FORCE_COLOR as everybody reads them: set and not empty; FORCE_COLOR=0 is none. */
export function describeTerminal(stream: { isTTY?: boolean; columns?: number }, env: NodeJS.ProcessEnv, isRaw: boolean): Terminal {
  const forced = env['FORCE_COLOR']
  const isColoured = forced ? forced !== '0' : stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
  return { isColoured, isRaw, columns: stream.columns ?? 0 }
}

export function paint(terminal: Terminal, style: Style, text: string): string {
  return terminal.isColoured && text !== '' ? styleText(style, text, { validateStream: false }) : text
}

const SERVICE_STYLES: readonly Style[] = ['cyan', 'magenta', 'green', 'yellow', 'blue', 'cyanBright', 'magentaBright', 'greenBright']

/** A service keeps its colour. */
export function serviceStyle(service: string): Style {
  let hash = 0
  for (const character of service) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0
  return SERVICE_STYLES[hash % SERVICE_STYLES.length] ?? 'cyan'
}

/** Log text as one harmless line, unless the terminal wants it raw. */
export function visible(terminal: Terminal, text: string): string {
  return terminal.isRaw ? text : harmlessText(text)
}
