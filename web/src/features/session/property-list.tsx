import { useMemo } from 'react'
import type { SessionRows } from '../../api/session-rows'
import { LogText } from '../../components/log-text'
import { valueWords } from '../../lib/event-words'
import type { Story } from '../../lib/session-story'
import { whereSet } from '../../lib/where-set'
import type { Selection } from './use-selection'

interface PropertyListProps {
  story: Story
  lines: SessionRows
  selection: Selection
}

/** What the session carries with it, and the line that set each. */
export function PropertyList({ story, lines, selection }: PropertyListProps) {
  const { properties } = story.view.session
  const set = useMemo(() => whereSet(lines.rows, properties), [lines.rows, properties])
  const entries = Object.entries(properties)
  if (entries.length === 0) return null
  return (
    <section className="session-properties" aria-label="Session properties">
      <h2>Session properties</h2>
      <dl>
        {entries.map(([name, value]) => {
          const where = set.get(name)
          return (
            <div key={name}>
              <dt>
                <LogText text={name} />
              </dt>
              <dd>
                <LogText text={valueWords(value)} />
                {where && (
                  <button
                    type="button"
                    className="button button-quiet"
                    onClick={() => selection.choose(where.line)}
                    title="Go to the line that set it"
                  >
                    set in {story.processes.get(where.node)?.name ?? where.service}
                  </button>
                )}
              </dd>
            </div>
          )
        })}
      </dl>
    </section>
  )
}
