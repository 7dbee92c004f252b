import { X } from 'lucide-react'
import { useEffect, useRef } from 'react'

const KEYS: [string[], string][] = [
  [['/'], 'search, find within a session, filter nodes'],
  [['g', 's'], 'go to Sessions'],
  [['g', 'l'], 'go to Logs'],
  [['g', 'n'], 'go to Nodes and breakers'],
  [['g', 'm'], 'go to the Map'],
  [['g', 'd'], 'go to Deliveries'],
  [['j', 'k'], 'next and previous line'],
  [['Enter'], 'open'],
  [['Esc'], 'close one level'],
  [['[', ']'], 'collapse and expand a step'],
  [['{', '}'], 'collapse and expand all steps of a service'],
  [['t'], 'list, space-time, summary'],
  [['w'], 'why this order? Then select another line'],
  [['Shift', '↓'], 'hold another line against the selected one'],
  [['f'], 'follow what runs, or hold still'],
  [['n', 'N'], 'next and previous match'],
  [['e'], 'next error'],
  [['1', '2', '3'], 'order by call, by cause, by clock'],
  [['+', '−', '0'], 'zoom the time in, out, back to all of it'],
  [['.'], 'copy the link of this view'],
  [['?'], 'this help'],
]

const QUERIES: [string, string][] = [
  ['payment "timed out"', 'words and phrases of the message, in any case'],
  ['service:checkout level:>=warn', 'fields; two terms must both hold'],
  ['-category:http', 'without'],
  ['outcome:failed', 'sessions by outcome: ok, failed, running, died'],
  ['breaker:open', 'sessions in which a breaker opened, or an open one cut a call short'],
  ['over_budget:true', 'sessions in which a step or a call took longer than it was given'],
  ['node:cart-2', 'lines of one process, by its short name, id, host or address'],
  ['services:payments breaker:open', 'sessions in which a call was not sent, for an open breaker'],
  ['over_budget:true', 'sessions that took longer than their deadline'],
  ['order.id:40117', 'any other name is an attribute or a property of the session'],
]

/** Keys and the search language. Content keeps the browser's dialog: focus stays inside, Esc closes. */
export function HelpDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (open && dialog.current?.open === false) dialog.current.showModal()
  }, [open])
  if (!open) return null
  return (
    <dialog ref={dialog} className="help" aria-labelledby="help-title" onClose={onClose} closedby="any">
      <div className="help-body">
        <header className="help-head">
          <h2 id="help-title">Keys and search</h2>
          <button type="button" className="button button-icon" onClick={onClose} aria-label="Close">
            <X size={16} aria-hidden />
          </button>
        </header>
        <dl className="help-keys">
          {KEYS.map(([keys, words]) => (
            <div key={words}>
              <dt>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dt>
              <dd>{words}</dd>
            </div>
          ))}
        </dl>
        <h3>Search</h3>
        <dl className="help-queries">
          {QUERIES.map(([query, words]) => (
            <div key={query}>
              <dt>
                <code>{query}</code>
              </dt>
              <dd>{words}</dd>
            </div>
          ))}
        </dl>
        <p className="help-note">A session id, a UUID or a whole traceparent in the search bar opens that session.</p>
      </div>
    </dialog>
  )
}
