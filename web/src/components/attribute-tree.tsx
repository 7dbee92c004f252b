import type { KeyboardEvent, MouseEvent } from 'react'
import { valueTerm } from '../lib/value-term'
import { LogText } from './log-text'
import './event-detail.css'

const SHOWN = 50
const DEPTH_OPEN = 3

/** What the page is filtered by. */
export interface ValueFilter {
  has: (term: string) => boolean
  /** Adds a term or its opposite; takes it away where it stands already. */
  toggle: (term: string, isExcluded: boolean) => void
}

interface AttributeTreeProps {
  value: Record<string, unknown> | unknown[]
  depth?: number
  /** Values that a search can find are buttons then. */
  filter?: ValueFilter | undefined
}

/** Attributes as a tree: objects and lists can be folded, everything else is text. */
export function AttributeTree({ value, depth = 0, filter }: AttributeTreeProps) {
  const entries = Object.entries(value)
  return (
    <ul className="tree">
      {entries.slice(0, SHOWN).map(([name, child]) => (
        <li key={name}>
          {isBranch(child) ? (
            <details open={depth < DEPTH_OPEN}>
              <summary>
                <LogText text={name} /> <span className="tree-size">{sizeOf(child)}</span>
              </summary>
              <AttributeTree value={child} depth={depth + 1} />
            </details>
          ) : (
            <div className="tree-leaf">
              <span className="tree-name">
                <LogText text={name} />
              </span>
              <Leaf name={name} value={child} filter={depth === 0 ? filter : undefined} />
            </div>
          )}
        </li>
      ))}
      {entries.length > SHOWN && <li className="tree-size">and {entries.length - SHOWN} more</li>}
    </ul>
  )
}

/** The search knows what stands at the top of the tree. */
function Leaf({ name, value, filter }: { name: string; value: unknown; filter: ValueFilter | undefined }) {
  const words = typeof value === 'string' ? <LogText text={value} lines /> : <span className="tree-literal">{String(value)}</span>
  const term = filter && valueTerm(name, value)
  if (filter === undefined || term === undefined) return words
  const isExcluded = filter.has(`-${term}`)
  const toggle = (event: MouseEvent | KeyboardEvent) => filter.toggle(term, event.altKey || isExcluded)
  return (
    <button
      type="button"
      className="tree-value"
      aria-pressed={isExcluded || filter.has(term)}
      data-excluded={isExcluded}
      aria-label={`${isExcluded ? 'Without' : 'Only lines with'} ${name} ${String(value)}`}
      title={`${isExcluded ? 'Left out' : 'Only lines with'} ${term}; with Alt: only lines without it`}
      onClick={toggle}
      onKeyDown={(event) => event.key === 'Enter' && event.altKey && toggle(event)} // browsers click for Enter alone
    >
      {words}
    </button>
  )
}

function isBranch(value: unknown): value is Record<string, unknown> | unknown[] {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}

function sizeOf(value: Record<string, unknown> | unknown[]): string {
  return Array.isArray(value) ? `[${value.length}]` : `{${Object.keys(value).length}}`
}
