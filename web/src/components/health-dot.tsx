import { useHealth, type HealthWords } from '../api/health'

const SHAPES: Record<HealthWords['tone'], string> = { ok: '●', warn: '◐', error: '✕', unknown: '○' }

/** The collector's state as a shape; its words stand beside it on hover and focus. A click asks again. */
export function HealthDot() {
  const { tone, words, askAgain } = useHealth()
  return (
    <button type="button" className="health" data-tone={tone} aria-label={`${words}. Ask again`} onClick={askAgain}>
      <span aria-hidden>{SHAPES[tone]}</span>
      <span className="health-words" aria-hidden>
        {words}
      </span>
    </button>
  )
}
