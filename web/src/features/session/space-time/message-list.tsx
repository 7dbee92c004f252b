import { LogText } from '../../../components/log-text'
import { ServiceDot } from '../../../components/service-chip'
import { callEnds } from '../../../lib/call-ends'
import { formatOffset } from '../../../lib/format'
import { hasFailed } from '../../../lib/summarise'
import type { Message } from '../../../lib/space-time'
import type { Story } from '../../../lib/session-story'
import type { Selection } from '../use-selection'
import { journeyWords } from './message-words'
import './message-list.css'

interface MessageListProps {
  messages: readonly Message[]
  story: Story
  selection: Selection
}

/** The messages one below the other, where there is no room for a picture. */
export function MessageList({ messages, story, selection }: MessageListProps) {
  const calls = messages.filter(({ kind }) => kind === 'call')
  if (calls.length === 0) return <p className="space-time-none">No process called another in this stretch of time.</p>
  return (
    <ol className="message-list">
      {calls.map((message) => {
        const { from, to } = callEnds(message.call, story)
        const caller = story.steps.get(message.call.view.span)
        const name = message.call.view.name ?? story.steps.get(message.call.view.callees[0] ?? '')?.hop.name ?? ''
        return (
          <li key={message.key} data-selected={message.line === selection.name}>
            <button type="button" onClick={() => selection.choose(message.line)} title="Select this call">
              <span className="message-at">{formatOffset(message.from.ms)}</span>
              <span>
                {caller && <ServiceDot name={caller.hop.service} />} {from} → <b>{to}</b>
                <span className="message-name">
                  {' '}
                  <LogText text={name} />
                </span>
                <span className="message-journey" data-wrong={hasFailed(message.call)}>
                  {journeyWords(message)}
                </span>
              </span>
            </button>
          </li>
        )
      })}
    </ol>
  )
}
