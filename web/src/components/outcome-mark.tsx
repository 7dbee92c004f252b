import type { Outcome } from '@groundtrack/collector/api'
import './marks.css'

const SHAPES: Record<Outcome, string> = { ok: '✓', failed: '✕', running: '◌', died: '†', unknown: '?' }
const WORDS: Record<Outcome, string> = { ok: 'ok', failed: 'failed', running: 'running', died: 'died', unknown: 'end unknown' }

/** An outcome as a shape, with its word for those who do not see it. */
export function OutcomeMark({ outcome }: { outcome: Outcome }) {
  return (
    <span className="outcome-mark" data-outcome={outcome} title={WORDS[outcome]}>
      <span aria-hidden>{SHAPES[outcome]}</span>
      <span className="visually-hidden">{WORDS[outcome]}</span>
    </span>
  )
}
