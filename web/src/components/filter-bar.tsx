import { Search, X } from 'lucide-react'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import './search-bar.css'

interface FilterBarProps {
  value: string
  onChange: (words: string) => void
  label: string
}

/** Words that what is shown must hold; it narrows while they are typed. */
export function FilterBar({ value, onChange, label }: FilterBarProps) {
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(value)
  // A link may bring other words, but never while somebody types: the address lags behind the keys.
  useEffect(() => {
    if (document.activeElement !== field.current) setText(value)
  }, [value])
  const change = (words: string) => {
    setText(words)
    onChange(words)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' || event.key === 'Enter') field.current?.blur()
  }
  return (
    <form className="search-bar filter-bar" role="search" onSubmit={(event) => event.preventDefault()}>
      <Search size={16} className="search-icon" aria-hidden />
      <div className="search-field">
        <input
          ref={field}
          data-search-field
          value={text}
          onChange={(event) => change(event.target.value)}
          onKeyDown={onKeyDown}
          placeholder={label}
          aria-label={label}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
        />
      </div>
      {text === '' ? (
        <kbd aria-hidden>/</kbd>
      ) : (
        <button type="button" className="button button-icon" aria-label="Clear the filter" onClick={() => change('')}>
          <X size={14} aria-hidden />
        </button>
      )}
    </form>
  )
}
