import type { NodeChange } from '@groundtrack/collector/api'
import { Link } from '@tanstack/react-router'
import { formatDay, formatTime } from '../../lib/instant'

const WORDS: Record<NodeChange['change'], { shape: string; state: string; words: string }> = {
  up: { shape: '●', state: 'up', words: 'came up' },
  stale: { shape: '◐', state: 'stale', words: 'fell silent: stale' },
  gone: { shape: '○', state: 'gone', words: 'stayed silent: gone' },
  left: { shape: '○', state: 'unknown', words: 'left in order' },
  restart: { shape: '↻', state: 'restarting', words: 'restarted' },
  flap: { shape: '⇅', state: 'stale', words: 'flapped: came back' },
}

interface ChangeListProps {
  changes: readonly NodeChange[]
  isServiceTold: boolean
}

/** What became of a process, newest first. */
export function ChangeList({ changes, isServiceTold }: ChangeListProps) {
  if (changes.length === 0) return <p className="pane-note">Nothing is known of it but that it was seen.</p>
  return (
    <ol className="changes">
      {changes.map(({ time, service, change, replaced, replacedBy }) => {
        const { shape, state, words } = WORDS[change]
        return (
          <li key={`${time} ${service} ${change}`}>
            <span className="changes-shape" data-state={state} aria-hidden>
              {shape}
            </span>
            <time className="mono" dateTime={time} title={time}>
              <span className="turn-day">{formatDay(Date.parse(time))}</span> {formatTime(time)}
            </time>
            <span>
              {replacedBy === undefined ? words : 'another came in its place:'}
              {replacedBy !== undefined && <NodeRef id={replacedBy} />}
              {isServiceTold && <span className="board-aside"> {service}</span>}
              {replaced !== undefined && (
                <>
                  , in place of
                  <NodeRef id={replaced} />
                </>
              )}
            </span>
          </li>
        )
      })}
    </ol>
  )
}

/** Another process, by the end of its id. */
function NodeRef({ id }: { id: string }) {
  return (
    <Link to="/nodes/$node" params={{ node: id }} search={{}} className="mono changes-ref" title={id}>
      {id.slice(-12)}
    </Link>
  )
}
