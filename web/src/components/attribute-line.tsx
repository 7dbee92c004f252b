import { attributeWords } from '../lib/event-words'
import { LogText } from './log-text'

const LENGTH_MAX = 240

/** Attributes in one faint line behind a message. */
export function AttributeLine({ attributes }: { attributes: Record<string, unknown> | null }) {
  const words = attributeWords(attributes)
  if (words === '') return null
  return (
    <span className="row-attributes">
      {' '}
      <LogText text={words.slice(0, LENGTH_MAX)} />
    </span>
  )
}
