import type { EventView } from '@groundtrack/collector/api'
import { callBreaker, callBreakerWords, findTurn } from '../../lib/call-breaker'
import type { Story } from '../../lib/session-story'
import { BreakerLink } from './breaker-mark'

/** What the session says of the breaker of a call, of its answer, or of a turn; undefined where no breaker had a part in the line. */
export function breakerWordsOf(event: EventView, story: Story) {
  const turn = event.kind === 'breaker' ? findTurn(event, story) : undefined
  if (turn) return <Words words={`${turn.from} → ${turn.to}`.replaceAll('_', '-')} id={turn.id} isWrong={turn.to === 'open'} />
  const call = event.call === undefined ? undefined : story.calls.get(event.call)?.view
  const isOwn = (event.kind === 'call' || event.kind === 'return') && call !== undefined
  const breaker = isOwn ? callBreaker(call, story.view.calls, story.view.breakers) : undefined
  if (breaker === undefined || breaker.state === 'unknown') return undefined
  const isWrong = breaker.state === 'open' || breaker.turned?.to === 'open'
  return <Words words={callBreakerWords(breaker)} id={breaker.id} isWrong={isWrong} />
}

function Words({ words, id, isWrong }: { words: string; id: string | undefined; isWrong: boolean }) {
  return (
    <>
      <span className="breaker-words" data-wrong={isWrong}>
        {words}
      </span>{' '}
      {id !== undefined && <BreakerLink id={id}>its history</BreakerLink>}
    </>
  )
}
