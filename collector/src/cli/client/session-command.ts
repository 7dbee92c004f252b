import type { EventView, Hop, SessionHead, SessionRow, SessionView } from '../../api.js'
import { ask, askJson, type CollectorAddress } from './collector-client.js'
import { formatAttributes, formatText, formatTime } from './format-event.js'
import type { Output } from './output.js'
import { formatDuration, plural } from './format-numbers.js'
import { readLines } from './read-lines.js'
import { paint, serviceStyle, visible, type Style, type Terminal } from './terminal.js'

export interface SessionCommand {
  address: CollectorAddress
  session: string
  isJson: boolean
  output: Output
}

const OUTCOMES: Readonly<Record<SessionHead['outcome'], { sign: string; style: Style }>> = {
  ok: { sign: '✓', style: 'green' },
  failed: { sign: '✕', style: 'red' },
  running: { sign: '◌', style: 'cyan' },
  died: { sign: '†', style: 'red' },
  unknown: { sign: '?', style: 'gray' },
}

/** Writes a session as a tree: who called whom, how long it took, what is missing. With `isJson`, its lines as they come from the collector. */
export async function runSession({ address, session, isJson, output }: SessionCommand): Promise<void> {
  const path = `/api/v1/sessions/${encodeURIComponent(session)}`
  const view = await askJson<SessionView>(address, path)
  const rows = await ask(address, `${path}/events?order=tree`, { accept: 'application/x-ndjson', signal: output.signal })
  if (isJson) {
    for await (const line of readLines(rows)) await output.write(line)
    return
  }
  for (const line of formatHead(output.terminal, view)) await output.write(line)
  const tree = new Tree(output.terminal, view)
  for await (const line of readLines(rows)) await output.write(tree.format(JSON.parse(line) as SessionRow))
}

function* formatHead(terminal: Terminal, { session, missing }: SessionView): Generator<string> {
  const { sign, style } = OUTCOMES[session.outcome]
  const gray = (text: string) => paint(terminal, 'gray', text)
  const facts = [
    paint(terminal, style, `${sign} ${session.outcome}`),
    formatDuration(session.durationMs),
    plural(session.events, 'event'),
    ...(session.errors > 0 ? [paint(terminal, 'red', plural(session.errors, 'error'))] : []),
    describeCompleteness(terminal, session),
  ]
  yield `${paint(terminal, 'bold', visible(terminal, session.name || 'session'))}  ${facts.join(gray(' · '))}`
  yield gray(`${session.id}  ${session.started}  environment ${visible(terminal, session.environment)}`)
  if (session.error) {
    const { service, message } = session.error
    yield paint(terminal, 'red', `✕ ${visible(terminal, `${service}: ${message}`)}`)
  }
  if (missing.length > 0) yield paint(terminal, 'yellow', `⋯ ${plural(session.missing, 'line')} missing: ${describeMissing(session)}`)
  yield ''
}

function describeCompleteness(terminal: Terminal, { complete, completeAsFarAsKnown, missing }: SessionHead): string {
  if (complete) return paint(terminal, 'green', 'complete')
  if (completeAsFarAsKnown === true) return 'complete as far as known'
  return missing > 0 ? paint(terminal, 'yellow', `${missing} missing`) : 'not complete'
}

function describeMissing({ missingByState }: SessionHead): string {
  return Object.entries(missingByState)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ')
}

/** Formats rows one by one, each at the depth of its hop. */
class Tree {
  readonly #terminal: Terminal
  readonly #hops: ReadonlyMap<string, Hop>
  readonly #depths = new Map<string, number>()

  constructor(terminal: Terminal, { hops }: SessionView) {
    this.#terminal = terminal
    this.#hops = new Map(hops.map((hop) => [hop.span, hop]))
  }

  format(row: SessionRow): string {
    const depth = row.span === null ? 0 : this.#depthOf(row.span)
    const gray = (text: string) => paint(this.#terminal, 'gray', text)
    if (row.kind === 'missing') {
      const text = `⋯ ${plural(row.to - row.from + 1, 'line')} missing: ${row.state}${row.reason === undefined ? '' : ` (${visible(this.#terminal, row.reason)})`}`
      return `${' '.repeat(13)}${gray('│ '.repeat(depth))}${paint(this.#terminal, 'yellow', text)}`
    }
    const time = gray(formatTime(row.time))
    const text = row.kind === 'open' ? this.#formatOpen(row) : formatText(this.#terminal, row)
    const attributes = gray(formatAttributes(this.#terminal, row.attributes))
    return `${time} ${gray('│ '.repeat(row.kind === 'open' ? Math.max(0, depth) : depth + 1))}${[text, attributes].filter((part) => part !== '').join(' ')}`
  }

  /** A hop begins: who, what, how long, how it ended. */
  #formatOpen(event: EventView): string {
    const hop = event.span === null ? undefined : this.#hops.get(event.span)
    const service = paint(this.#terminal, serviceStyle(event.service), visible(this.#terminal, event.service || '?'))
    const name = paint(this.#terminal, 'bold', visible(this.#terminal, event.name ?? ''))
    if (!hop) return `${service} ${name}`
    const { sign, style } = OUTCOMES[hop.state]
    const duration = hop.closed === undefined ? '' : formatDuration(Date.parse(hop.closed) - Date.parse(hop.opened))
    return [service, name, paint(this.#terminal, 'gray', duration), paint(this.#terminal, style, sign)]
      .filter((part) => part !== '')
      .join(' ')
  }

  #depthOf(span: string): number {
    const known = this.#depths.get(span)
    if (known !== undefined) return known
    const chain: string[] = []
    // A hop that stands above itself is forged: it is a root here.
    for (
      let at: string | null = span;
      at !== null && !this.#depths.has(at) && !chain.includes(at);
      at = this.#hops.get(at)?.parentSpan ?? null
    )
      chain.push(at)
    const top = chain.at(-1)
    const above = top === undefined ? undefined : this.#hops.get(top)?.parentSpan
    let depth = above === undefined || above === null ? -1 : (this.#depths.get(above) ?? -1)
    for (const hop of chain.toReversed()) this.#depths.set(hop, ++depth)
    return depth
  }
}
