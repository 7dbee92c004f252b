import { Link } from '@tanstack/react-router'
import { useFirstEvent } from '../../api/events'
import { useAnySession } from '../../api/sessions'
import { Mark } from '../../components/mark'
import { GuideStep } from './guide-step'

/** The page while nothing was ever received: three ways to send something, and word when it came. */
export function FirstMinute({ onLookAgain }: { onLookAgain: () => void }) {
  const origin = location.origin
  const needsUrl = origin !== 'http://127.0.0.1:4318' && origin !== 'http://localhost:4318'
  return (
    <section className="guide" aria-labelledby="guide-title">
      <Mark size={44} />
      <h2 id="guide-title">Follow your first request</h2>
      <p className="guide-lead">Nothing has been received yet. Any of these changes that within a minute.</p>
      <Waiting onLookAgain={onLookAgain} />
      <ol className="guide-steps">
        <GuideStep
          title="Start the demo"
          words="A small shop of real processes, some of which fail. Stop it with Ctrl C."
          code="npm run demo"
        />
        <GuideStep
          title="Send one line"
          words="From any shell. It shows up under Logs."
          code={`curl -d '{"message":"hello","service":"shell"}' ${origin}/v1/events`}
        />
        <GuideStep
          title="Your own service"
          words={needsUrl ? `Set GROUNDTRACK_URL=${origin} for it.` : 'It finds this collector by itself.'}
          code={SNIPPET}
        />
      </ol>
    </section>
  )
}

const SNIPPET = `import { groundtrack } from '@groundtrack/sdk'

const gt = groundtrack({ service: 'cart' })
const session = gt.session()
session.info('cart', 'item added', { sku: 'A-17' })
session.close()`

function Waiting({ onLookAgain }: { onLookAgain: () => void }) {
  const { data: event } = useFirstEvent()
  const { data: session } = useAnySession(true)
  if (session != null)
    return (
      <p className="guide-waiting" data-arrived role="status">
        ✓ Your first session is here:{' '}
        <Link to="/s/$session" params={{ session: session.id }} search={{}}>
          {session.name === '' ? 'open it' : session.name}
        </Link>{' '}
        <button type="button" className="button button-quiet" onClick={onLookAgain}>
          see all
        </button>
      </p>
    )
  if (event != null)
    return (
      <p className="guide-waiting" data-arrived role="status">
        ✓ Your first event is here:{' '}
        <Link to="/logs" search={{}}>
          {event.message === '' ? 'see it in Logs' : `“${event.message.slice(0, 60)}”`}
        </Link>
      </p>
    )
  return (
    <p className="guide-waiting" role="status">
      <span className="guide-pulse" aria-hidden /> Waiting for your first event …
    </p>
  )
}
