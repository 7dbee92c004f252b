import type { RelationView, SessionRow } from '@groundtrack/collector/api'
import { ArrowDown, X } from 'lucide-react'
import { useMemo } from 'react'
import { useRelation } from '../../api/relation'
import type { SessionRows } from '../../api/session-rows'
import { LogText } from '../../components/log-text'
import { PanelError } from '../../components/panel-error'
import { ServiceDot } from '../../components/service-chip'
import { lineName } from '../../lib/event-link'
import { eventWords } from '../../lib/event-words'
import { chainOf, EDGE_WORDS, placeName, readPlace, relationWords } from '../../lib/relation-words'
import type { Story } from '../../lib/session-story'
import type { Selection } from './use-selection'
import './why-order.css'

interface WhyOrderProps {
  id: string
  story: Story
  lines: SessionRows
  version: string
  first: string
  second: string
  selection: Selection
}

/** Two lines held against each other: which happened first, and the chain that proves it. */
export function WhyOrder({ id, story, lines, version, first, second, selection }: WhyOrderProps) {
  const close = () => selection.compare(undefined)
  return (
    <section className="why" aria-label="Why this order?">
      <header>
        <h2>Why this order?</h2>
        <button type="button" className="button button-icon" onClick={close} aria-label="Close the comparison" title="Close (Esc)">
          <X size={14} aria-hidden />
        </button>
      </header>
      {first === second ? (
        <p className="why-hint">
          Select another line. <span className="event-aside">Or hold Shift and click it.</span>
        </p>
      ) : readPlace(first) === undefined || readPlace(second) === undefined ? (
        <p className="why-hint">
          A line without a number has no place of its own in the order of causes: it stands where its time puts it.
        </p>
      ) : (
        <Relation {...{ id, story, lines, version, first, second, selection }} />
      )}
    </section>
  )
}

function Relation({ id, story, lines, version, first, second, selection }: WhyOrderProps) {
  const { data, error, refetch } = useRelation(id, first, second, version)
  const chain = useMemo(() => chainOf(data?.edges ?? []), [data])
  const rows = useMemo(() => {
    const wanted = new Set([first, second, ...chain.map(({ place }) => placeName(place))])
    return new Map(lines.rows.flatMap((row): [string, SessionRow][] => (row && wanted.has(lineName(row)) ? [[lineName(row), row]] : [])))
  }, [lines.rows, chain, first, second])
  const pair = data?.relation === 'after' ? [second, first] : [first, second]
  const quote = (name: string) => `“${shorten(wordsOf(name, rows.get(name), story))}”`
  const line = (name: string) => <LineButton name={name} row={rows.get(name)} story={story} selection={selection} />
  return (
    <>
      <ol className="why-pair">
        {pair.map((name) => (
          <li key={name}>{line(name)}</li>
        ))}
      </ol>
      {error && <PanelError error={error} onRetry={() => void refetch()} compact />}
      {!error && data === undefined && <p className="why-hint">Looking …</p>}
      {data && <Verdict relation={data.relation} words={relationWords(data.relation, quote(first), quote(second))} />}
      {chain.length > 0 && (
        <ol className="why-chain" aria-label="What leads from one to the other">
          {chain.map(({ by, place }) => (
            <li key={placeName(place)}>
              {by && (
                <span className="why-edge">
                  <ArrowDown size={12} aria-hidden /> {EDGE_WORDS[by]}
                </span>
              )}
              {line(placeName(place))}
            </li>
          ))}
        </ol>
      )}
    </>
  )
}

/** The pair above it stands in the order of what happened. */
function Verdict({ relation, words }: { relation: RelationView['relation']; words: string }) {
  const said = relation === 'concurrent' ? relation : 'before'
  return (
    <p className="why-verdict" role="status">
      <b data-relation={said}>{said}</b> <LogText text={words} />
    </p>
  )
}

const QUOTED_MAX = 60

function shorten(words: string): string {
  return words.length > QUOTED_MAX ? `${words.slice(0, QUOTED_MAX - 1).trimEnd()}…` : words
}

/** What a line says; of one that is not loaded, whose it is. */
function wordsOf(name: string, row: SessionRow | undefined, story: Story): string {
  if (row !== undefined && row.kind !== 'missing') return eventWords(row, (node) => story.processes.get(node)?.name)
  return story.steps.get(readPlace(name)?.span ?? '')?.hop.name ?? ''
}

interface LineButtonProps {
  name: string
  row: SessionRow | undefined
  story: Story
  selection: Selection
}

function LineButton({ name, row, story, selection }: LineButtonProps) {
  const place = readPlace(name)
  const hop = place && story.steps.get(place.span)?.hop
  const process = hop && (story.processes.get(hop.node)?.name ?? hop.service)
  return (
    <button type="button" className="why-line" onClick={() => selection.choose(name)} title="Select this line">
      {hop && <ServiceDot name={hop.service} />}
      <b>{process ?? 'a step'}</b> <span className="why-number">{place?.n}</span>
      <span className="why-words">
        <LogText text={wordsOf(name, row, story)} />
      </span>
    </button>
  )
}
