import type { EventView } from '@groundtrack/collector/api'
import { eventNumber } from '../../lib/event-link'
import { MARK_TIPS } from '../../lib/session-words'
import type { Step } from '../../lib/session-story'
import { BreakerLink } from './breaker-mark'

interface NoteProps {
  status: string
  words: string
  tip?: string
  /** The breaker that it leads to. */
  breaker?: string | undefined
}

/** A word in a pill beside a line, explained when pointed at. */
export function Note({ status, words, tip, breaker }: NoteProps) {
  return (
    <span className="row-note" data-status={status} title={tip}>
      {breaker === undefined ? (
        words
      ) : (
        <BreakerLink id={breaker} inRow>
          {words}
        </BreakerLink>
      )}
    </span>
  )
}

/** What is uncertain or odd about a line. They stand before its words, so that long words never hide them. */
export function RowFlags({ row, step }: { row: EventView; step: Step | undefined }) {
  const last = step?.hop.state === 'died' ? step.hop.lastWords : undefined
  const isLast = last !== undefined && last.n !== null && last.span === row.span && last.n === eventNumber(row)
  return (
    <>
      {isLast && <Flag words="† last words" tip={MARK_TIPS.died} isStrong />}
      {row.concurrent && <Flag words="∥" name="concurrent" tip={MARK_TIPS.concurrent} />}
      {row.late && <Flag words="late" tip={MARK_TIPS.late} />}
      {row.ambiguous && <Flag words="≈ unsure" tip={MARK_TIPS.ambiguous} />}
      {row.inversion && <Flag words="⇅ clock" tip={MARK_TIPS.inversion} isStrong />}
    </>
  )
}

function Flag({ words, name, tip, isStrong = false }: { words: string; name?: string; tip: string; isStrong?: boolean }) {
  return (
    <span className="row-flag" data-strong={isStrong} title={tip}>
      {name === undefined ? (
        words
      ) : (
        <>
          <span aria-hidden>{words}</span>
          <span className="visually-hidden">{name}</span>
        </>
      )}
    </span>
  )
}
