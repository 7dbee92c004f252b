import { useNavigate } from '@tanstack/react-router'
import { Search, X } from 'lucide-react'
import { useRef, useState, type FormEvent, type KeyboardEvent } from 'react'
import { ApiFailure, isSyntaxFault } from '../api/client'
import { readSessionId } from '../lib/session-id'
import { QueryMirror } from './query-mirror'
import './search-bar.css'

interface SearchBarProps {
  value: string
  onSearch: (query: string) => void
  placeholder: string
  label: string
  /** What the collector said of this expression. */
  error?: Error | null | undefined
}

/** The search expression, coloured as it is typed. A pasted session id, UUID or traceparent opens that session instead. */
export function SearchBar({ value, onSearch, placeholder, label, error }: SearchBarProps) {
  const navigate = useNavigate()
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(value)
  const [scrollLeft, setScrollLeft] = useState(0)
  const [shown, setShown] = useState(value)
  if (shown !== value) {
    setShown(value)
    setText(value)
  }

  const search = (query: string) => {
    const session = readSessionId(query)
    if (session === undefined) return onSearch(query.trim())
    setText(value)
    return void navigate({ to: '/s/$session', params: { session }, search: {} })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    search(text)
  }
  const leave = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    setText(value)
    field.current?.blur()
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
          onChange={(event) => setText(event.target.value)}
          onScroll={(event) => setScrollLeft(event.currentTarget.scrollLeft)}
          onKeyDown={leave}
          placeholder={placeholder}
          aria-label={label}
          aria-invalid={fault !== undefined}
          aria-describedby={fault ? 'search-fault' : undefined}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
        />
      </div>
      {text === '' ? (
        <kbd aria-hidden>/</kbd>
      ) : (
        <button
          type="button"
          className="button button-icon"
          aria-label="Clear the search"
          onClick={() => (setText(''), onSearch(''), field.current?.focus())}
        >
          <X size={14} aria-hidden />
        </button>
      )}
      {fault && (
        <p id="search-fault" className="search-fault" role="alert">
          {fault.message}
          {fault.at !== undefined && <span> At character {fault.at + 1}.</span>}
        </p>
      )}
    </form>
  )
}
