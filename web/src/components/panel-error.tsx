import { RotateCw } from 'lucide-react'
import { ApiFailure } from '../api/client'
import './states.css'

/** What a part of the page says when its data did not come. */
export function PanelError({ error, onRetry, compact = false }: { error: Error; onRetry: () => void; compact?: boolean }) {
  const id = error instanceof ApiFailure ? error.requestId : undefined
  return (
    <div className="panel-error" data-compact={compact} role="alert">
      <span className="panel-error-mark" aria-hidden>
        ✕
      </span>
      <div>
        <p>{error.message}</p>
        {id !== undefined && !compact && <p className="panel-error-id">request {id}</p>}
      </div>
      <button type="button" className="button" onClick={onRetry}>
        <RotateCw size={14} aria-hidden /> Retry
      </button>
    </div>
  )
}
