import { formatCount } from '../lib/format'
import type { Suggestion } from '../lib/complete-query'

interface SuggestionListProps {
  id: string
  suggestions: Suggestion[]
  active: number
  onChoose: (suggestion: Suggestion) => void
}

/** What could stand at the caret, with how often a sample of events has it. */
export function SuggestionList({ id, suggestions, active, onChoose }: SuggestionListProps) {
  if (suggestions.length === 0) return null
  return (
    <div id={id} role="listbox" aria-label="Suggestions" className="suggestions">
      {suggestions.map((suggestion, index) => (
        <div
          key={suggestion.query}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          onMouseDown={(event) => {
            event.preventDefault() // the field keeps the focus
            onChoose(suggestion)
          }}
        >
          <span>{suggestion.label}</span>
          {suggestion.events !== undefined && suggestion.events > 0 && (
            <span className="suggestion-count">{formatCount(suggestion.events)}</span>
          )}
        </div>
      ))}
    </div>
  )
}
