import type { ErrorComponentProps } from '@tanstack/react-router'
import { EmptyState } from './empty-state'

/** A page that broke: says so, and offers to load it anew. */
export function PageCrash({ error }: ErrorComponentProps) {
  return (
    <EmptyState title="This page broke" isPage>
      <p>
        That is a mistake in the viewer, not in your logs: <code>{error instanceof Error ? error.message : String(error)}</code>
      </p>
      <button type="button" className="button" onClick={() => location.reload()}>
        Load the page again
      </button>
    </EmptyState>
  )
}
