import { TriangleAlert } from 'lucide-react'
import { clockStepWords } from '../../lib/session-words'
import type { Story } from '../../lib/session-story'
import './session-notices.css'

const SHOWN = 2

interface Notice {
  key: string
  words: string
  line: string | undefined
}

/** What a reader should know before trusting the picture: clocks that stepped, steps that make no sense. */
export function SessionNotices({ story, onChoose }: { story: Story; onChoose: (line: string) => void }) {
  const notices = noticesOf(story)
  if (notices.length === 0) return null
  const [first, rest] = [notices.slice(0, SHOWN), notices.slice(SHOWN)]
  return (
    <section className="notices" aria-label="Oddities">
      <TriangleAlert size={15} className="notices-icon" aria-hidden />
      <div>
        <NoticeList notices={first} onChoose={onChoose} />
        {rest.length > 0 && (
          <details>
            <summary>and {rest.length} more</summary>
            <NoticeList notices={rest} onChoose={onChoose} />
          </details>
        )}
      </div>
    </section>
  )
}

function NoticeList({ notices, onChoose }: { notices: readonly Notice[]; onChoose: (line: string) => void }) {
  return (
    <ul>
      {notices.map(({ key, words, line }) => (
        <li key={key}>
          {words}
          {line !== undefined && (
            <button type="button" className="button button-quiet" onClick={() => onChoose(line)} aria-label={`Show: ${words}`}>
              show
            </button>
          )}
        </li>
      ))}
    </ul>
  )
}

function noticesOf(story: Story): Notice[] {
  const { clockSteps, oddities } = story.view
  const steps = clockSteps.map((step): Notice => {
    const line = `${step.span}:${step.n}`
    return { key: `step ${step.node} ${line}`, words: clockStepWords(step, story), line }
  })
  const odd = oddities.map(({ kind, text, span }, index): Notice => {
    return { key: `${kind} ${index}`, words: text, line: span !== undefined && story.steps.has(span) ? `${span}:1` : undefined }
  })
  return [...steps, ...odd]
}
