import { LogText } from './log-text'
import './event-detail.css'

const SHOWN = 50
const DEPTH_OPEN = 3

/** Attributes as a tree: objects and lists can be folded, everything else is text. */
export function AttributeTree({ value, depth = 0 }: { value: Record<string, unknown> | unknown[]; depth?: number }) {
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
              <Leaf value={child} />
            </div>
          )}
        </li>
      ))}
      {entries.length > SHOWN && <li className="tree-size">and {entries.length - SHOWN} more</li>}
    </ul>
  )
}

function Leaf({ value }: { value: unknown }) {
  if (typeof value === 'string') return <LogText text={value} lines />
  return <span className="tree-literal">{String(value)}</span>
}

function isBranch(value: unknown): value is Record<string, unknown> | unknown[] {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}

function sizeOf(value: Record<string, unknown> | unknown[]): string {
  return Array.isArray(value) ? `[${value.length}]` : `{${Object.keys(value).length}}`
}
