import { useNavigate } from '@tanstack/react-router'
import { Search, X } from 'lucide-react'
import { useId, useRef, useState, type FormEvent, type KeyboardEvent } from 'react'
import { flushSync } from 'react-dom'
import { ApiFailure, isSyntaxFault } from '../api/client'
import { readSessionId } from '../lib/session-id'
import { QueryMirror } from './query-mirror'
import { SuggestionList } from './suggestion-list'
import { useCompletion } from './use-completion'
import './search-bar.css'

interface SearchBarProps {
  value: string
  onSearch: (query: string) => void
  placeholder: string
  label: string
  /** What the collector said of this expression. */
  error?: Error | null | undefined
}

/** The search expression, coloured and completed as it is typed. A pasted session id, UUID or traceparent opens that session. */
export function SearchBar({ value, onSearch, placeholder, label, error }: SearchBarProps) {
  const navigate = useNavigate()
  const field = useRef<HTMLInputElement>(null)
  const listId = useId()
  const [isUsed, setIsUsed] = useState(false)
  const [text, setText] = useState(value)
  const [scrollLeft, setScrollLeft] = useState(0)
  const [shown, setShown] = useState(value)
  if (shown !== value) {
    setShown(value)
    setText(value)
  }
  const completion = useCompletion(isUsed, (suggestion) => {
    flushSync(() => setText(suggestion.query)) // the caret can only be put into text that is there
    field.current?.setSelectionRange(suggestion.caret, suggestion.caret)
  })
  const search = (query: string) => {
    completion.close()
    const session = readSessionId(query)
    if (session === undefined) return onSearch(query.trim())
    setText(value)
    return void navigate({ to: '/s/$session', params: { session }, search: {} })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (completion.onKey(event) || event.key !== 'Escape') return
    setText(value)
    field.current?.blur()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    search(text)
  }
  const clear = () => {
    setText('')
    search('')
    field.current?.focus()
  }
  const fault = error instanceof ApiFailure && isSyntaxFault(error) && text === value ? error : undefined
  return (
    <form className="search-bar" role="search" onSubmit={submit} data-faulty={fault !== undefined}>
      <Search size={16} className="search-icon" aria-hidden />
      <div className="search-field">
        <QueryMirror query={text} faultAt={fault?.at} scrollLeft={scrollLeft} />
        <input
          ref={field}
          data-search-field
          value={text}
          onFocus={() => setIsUsed(true)}
          onBlur={completion.close}
          onChange={(event) => {
            setText(event.target.value)
            completion.look(event.target.value, event.target.selectionStart ?? event.target.value.length)
          }}
          onScroll={(event) => setScrollLeft(event.currentTarget.scrollLeft)}
          onKeyDown={onKeyDown}
          placeholder={placeholder}
          aria-label={label}
          aria-autocomplete="list"
          aria-controls={completion.suggestions.length > 0 ? listId : undefined}
          aria-activedescendant={completion.active >= 0 ? `${listId}-${completion.active}` : undefined}
          aria-invalid={fault !== undefined}
          aria-describedby={fault ? 'search-fault' : undefined}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
        />
      </div>
      {text === '' ? <kbd aria-hidden>/</kbd> : <ClearButton onClear={clear} />}
      <SuggestionList id={listId} suggestions={completion.suggestions} active={completion.active} onChoose={completion.choose} />
      {fault && completion.suggestions.length === 0 && <Fault fault={fault} />}
    </form>
  )
}

function ClearButton({ onClear }: { onClear: () => void }) {
  return (
    <button type="button" className="button button-icon" aria-label="Clear the search" onClick={onClear}>
      <X size={14} aria-hidden />
    </button>
  )
}

function Fault({ fault }: { fault: ApiFailure }) {
  return (
    <p id="search-fault" className="search-fault" role="alert">
      {fault.message}
      {fault.at !== undefined && <span> At character {fault.at + 1}.</span>}
    </p>
  )
}
