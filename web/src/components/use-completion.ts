import { useState, type KeyboardEvent } from 'react'
import { useFields } from '../api/fields'
import { completeQuery, type Suggestion } from '../lib/complete-query'

export interface Completion {
  suggestions: Suggestion[]
  /** Index of the one that the arrow keys stand on; -1: none. */
  active: number
  /** Call when text or caret change. */
  look: (text: string, caret: number) => void
  close: () => void
  choose: (suggestion: Suggestion) => void
  /** Whether the key was for the suggestions. */
  onKey: (event: KeyboardEvent) => boolean
}

/** Suggestions for the place of the caret. They take the arrow keys, Tab, Enter on a chosen one, and Escape, while they show. */
export function useCompletion(isUsed: boolean, write: (suggestion: Suggestion) => void): Completion {
  const { data } = useFields(isUsed)
  const [place, setPlace] = useState<{ text: string; caret: number }>()
  const [active, setActive] = useState(-1)
  const suggestions = place === undefined ? [] : completeQuery(place.text, place.caret, data?.items ?? [])

  const close = () => {
    setPlace(undefined)
    setActive(-1)
  }
  const look = (text: string, caret: number) => {
    setPlace({ text, caret })
    setActive(-1)
  }
  const choose = (suggestion: Suggestion) => {
    write(suggestion)
    look(suggestion.query, suggestion.caret)
  }
  const onKey = (event: KeyboardEvent): boolean => {
    if (suggestions.length === 0) return false
    const chosen = suggestions[event.key === 'Tab' && active === -1 ? 0 : active]
    if (event.key === 'ArrowDown') setActive((active + 1) % suggestions.length)
    else if (event.key === 'ArrowUp') setActive((active <= 0 ? suggestions.length : active) - 1)
    else if (event.key === 'Escape') close()
    else if ((event.key === 'Tab' || event.key === 'Enter') && chosen && !event.shiftKey) choose(chosen)
    else return false
    event.preventDefault()
    return true
  }
  return { suggestions, active, look, close, choose, onKey }
}
