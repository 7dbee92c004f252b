import { EmptyState } from './empty-state'

/** In place of results while the search expression makes no sense; the search bar shows where. */
export function UnreadableSearch({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState title="This search cannot be read">
      <p>
        The search bar shows where it stops making sense. Press <kbd>?</kbd> for examples.
      </p>
      <button type="button" className="button" onClick={onClear}>
        Clear the search
      </button>
    </EmptyState>
  )
}
