import { useMemo, type ReactNode } from 'react'
import { EmptyState } from '../../components/empty-state'
import { ServiceDot } from '../../components/service-chip'
import { LogText } from '../../components/log-text'
import { callEnds } from '../../lib/call-ends'
import { formatCount, formatDuration, formatOffset } from '../../lib/format'
import { serviceColour } from '../../lib/service-hue'
import { CALL_STATUS_WORDS } from '../../lib/session-words'
import type { Call, Story } from '../../lib/session-story'
import { hasFailed, slowestCalls, summarise, type ServiceSum } from '../../lib/summarise'
import type { Selection } from './use-selection'
import './summary.css'

const SLOWEST = 12

/** Where the time went: by service, and the calls that took longest. */
export function SummaryTab({ story, selection }: { story: Story; selection: Selection }) {
  const sums = useMemo(() => summarise(story), [story])
  const slowest = useMemo(() => slowestCalls(story, SLOWEST), [story])
  if (sums.length === 0)
    return (
      <EmptyState title="Nothing to sum up yet">
        <p>No step of this session has arrived.</p>
      </EmptyState>
    )
  return (
    <div className="summary">
      <table className="summary-table">
        <caption>Time by service</caption>
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col" className="summary-wide" title="Time in its steps, less the time in which they waited for a call">
              Own time
            </th>
            <Head tip="Time in its steps, added up" isMore>
              In steps
            </Head>
            <Head tip="Stretches of its work in this session" isMore>
              Steps
            </Head>
            <Head tip="Calls that it made" isMore>
              Calls
            </Head>
            <Head tip="Of its calls, those that failed, timed out or were never answered">Failed</Head>
            <Head tip="Lines that it wrote" isMore>
              Lines
            </Head>
            <Head tip="Of its lines, the errors">Errors</Head>
          </tr>
        </thead>
        <tbody>
          {sums.map((sum) => (
            <ServiceRow key={sum.service} sum={sum} most={Math.max(...sums.map((each) => each.totalMs))} />
          ))}
        </tbody>
      </table>
      {slowest.length > 0 && (
        <table className="summary-table">
          <caption>Slowest calls</caption>
          <thead>
            <tr>
              <th scope="col">Call</th>
              <th scope="col" className="summary-wide">
                Took
              </th>
              <Head tip="When it was sent, from the start of the session" isMore>
                Sent
              </Head>
              <th scope="col">Outcome</th>
            </tr>
          </thead>
          <tbody>
            {slowest.map((call) => (
              <CallRow key={call.view.call} call={call} story={story} most={took(slowest[0])} selection={selection} />
            ))}
          </tbody>
        </table>
      )}
    </div>
  )
}

/** `isMore`: where there is little room, it is left out. */
function Head({ tip, isMore = false, children }: { tip: string; isMore?: boolean; children: ReactNode }) {
  return (
    <th scope="col" className="summary-number" data-more={isMore} title={tip}>
      {children}
    </th>
  )
}

/** The whole bar is the time in its steps; the filled part is its own. */
function ServiceRow({ sum, most }: { sum: ServiceSum; most: number }) {
  const share = (ms: number) => `${most === 0 ? 0 : (ms / most) * 100}%`
  return (
    <tr style={{ '--service': serviceColour(sum.service) }}>
      <th scope="row">
        <ServiceDot name={sum.service} /> {sum.service}
      </th>
      <td className="summary-wide">
        <span className="summary-bar" aria-hidden>
          <span className="summary-waited" style={{ width: share(sum.totalMs) }} />
          <span className="summary-own" style={{ width: share(sum.ownMs) }} />
        </span>
        <span className="summary-took">{formatDuration(sum.ownMs)}</span>
      </td>
      <td className="summary-number" data-more>
        {formatDuration(sum.totalMs)}
      </td>
      <td className="summary-number" data-more>
        {formatCount(sum.steps)}
      </td>
      <td className="summary-number" data-more>
        {formatCount(sum.calls)}
      </td>
      <Wrong count={sum.failedCalls} />
      <td className="summary-number" data-more>
        {formatCount(sum.lines)}
      </td>
      <Wrong count={sum.errors} />
    </tr>
  )
}

function Wrong({ count }: { count: number }) {
  return (
    <td className="summary-number" data-wrong={count > 0}>
      {count === 0 ? '–' : formatCount(count)}
    </td>
  )
}

interface CallRowProps {
  call: Call
  story: Story
  most: number
  selection: Selection
}

function CallRow({ call, story, most, selection }: CallRowProps) {
  const { view } = call
  const line = `${view.span}:${view.n}`
  const caller = story.steps.get(view.span)
  const callee = story.steps.get(view.callees[0] ?? '')
  const { from, to } = callEnds(call, story)
  return (
    <tr data-selected={selection.name === line} style={{ '--service': serviceColour(callee?.hop.service ?? caller?.hop.service ?? '') }}>
      <th scope="row">
        <button type="button" className="summary-call" onClick={() => selection.choose(line)} title="Select this call">
          {from} → {to}
          <span className="summary-name">
            <LogText text={callee?.hop.name ?? view.name ?? ''} />
          </span>
        </button>
      </th>
      <td className="summary-wide">
        <span className="summary-bar" aria-hidden>
          <span className="summary-own" style={{ width: `${most === 0 ? 0 : (took(call) / most) * 100}%` }} />
        </span>
        <span className="summary-took">
          {formatDuration(took(call))}
          {call.open ? ' so far' : ''}
        </span>
      </td>
      <td className="summary-number" data-more>
        {formatOffset(call.startMs - story.startMs)}
      </td>
      <td data-wrong={hasFailed(call)}>{CALL_STATUS_WORDS[view.status] || 'answered'}</td>
    </tr>
  )
}

function took(call: Call | undefined): number {
  return call === undefined ? 0 : call.endMs - call.startMs
}
