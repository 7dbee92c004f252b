import type { EventView } from '@groundtrack/collector/api'
import { ChevronRight } from 'lucide-react'
import type { RowOrder } from '../../api/session-rows'
import { AttributeLine } from '../../components/attribute-line'
import { LogText } from '../../components/log-text'
import { eventWords } from '../../lib/event-words'
import { countOf } from '../../lib/format'
import { serviceColour } from '../../lib/service-hue'
import { CALL_STATUS_WORDS } from '../../lib/session-words'
import type { Step, Story } from '../../lib/session-story'

const SIGN: Partial<Record<EventView['kind'], string>> = { call: '→', return: '←', set: '⚑', breaker: '⌁', close: '■' }

interface RowTextProps {
  row: EventView
  story: Story
  step: Step | undefined
  order: RowOrder
  isHead: boolean
  folded: boolean
  onFold: (span: string, folded?: boolean) => void
}

/** The words of a line. The opening of a step is its heading in the order by call; elsewhere each line says whose it is. */
export function RowText({ row, story, step, order, isHead, folded, onFold }: RowTextProps) {
  if (isHead && step) return <StepHead row={row} step={step} folded={folded} onFold={onFold} story={story} />
  const words = row.kind === 'call' ? callWords(row, story) : eventWords(row, (node) => story.processes.get(node)?.name)
  const failed = row.status !== undefined && row.status !== 'ok'
  const call = row.kind === 'call' && row.call !== undefined ? story.calls.get(row.call) : undefined
  const process = story.processes.get(row.node)?.name ?? row.service
  return (
    <span className="row-text" data-kind={row.kind} data-failed={failed}>
      {(order !== 'tree' || step === undefined) && (
        <span className="row-service" style={{ color: serviceColour(row.service) }}>
          {process}
        </span>
      )}
      {row.kind === 'log' && <LevelTag level={row.level} />}
      {row.kind !== 'log' && <span className="row-sign">{failed ? '✕' : (SIGN[row.kind] ?? '▸')} </span>}
      {words === '' ? <i>no message</i> : <LogText text={words} />}
      {call && CALL_STATUS_WORDS[call.view.status] !== '' && (
        <span className="row-note" data-status={call.view.status}>
          {CALL_STATUS_WORDS[call.view.status]}
        </span>
      )}
      {call && call.view.callees.length > 1 && (
        <span className="row-note" data-status="error">
          joined {call.view.callees.length} times
        </span>
      )}
      <Flags row={row} />
      <AttributeLine attributes={row.attributes} />
    </span>
  )
}

/** A call that went out by its address alone is named after the step that answered it. */
function callWords(row: EventView, story: Story): string {
  const callee = row.call === undefined ? undefined : story.steps.get(story.calls.get(row.call)?.view.callees[0] ?? '')
  const name = (node: string) => story.processes.get(node)?.name
  if (callee === undefined || row.target?.service !== undefined) return eventWords(row, name)
  return eventWords({ ...row, target: { ...row.target, service: name(callee.hop.node) ?? callee.hop.service } }, name)
}

function StepHead({
  row,
  step,
  folded,
  onFold,
  story,
}: {
  row: EventView
  step: Step
  folded: boolean
  onFold: RowTextProps['onFold']
  story: Story
}) {
  const { hop } = step
  const process = story.processes.get(hop.node)?.name ?? hop.service
  return (
    <span className="step-head" style={{ '--service': serviceColour(hop.service) }}>
      <button
        type="button"
        tabIndex={-1}
        className="step-fold"
        aria-label={folded ? `Expand ${hop.service}` : `Collapse ${hop.service}`}
        onClick={(event) => {
          event.stopPropagation()
          onFold(hop.span, !folded)
        }}
      >
        <ChevronRight size={14} aria-hidden data-open={!folded} />
      </button>
      <b>{process}</b> <LogText text={row.name ?? hop.name} />
      {hop.state === 'failed' && <Note status="error" words="failed" />}
      {hop.state === 'running' && <Note status="running" words="◌ running" />}
      {hop.state === 'died' && <Note status="died" words="† died" />}
      {hop.joinedTwice && <Note status="died" words="joined twice" />}
      <Flags row={row} />
      {folded && step.rows > 1 && (
        <span className="row-attributes">
          {' '}
          {countOf(step.rows - 1, 'line')} folded{step.errors > 0 ? `, ${countOf(step.errors, 'error')}` : ''}
        </span>
      )}
    </span>
  )
}

function Note({ status, words }: { status: string; words: string }) {
  return (
    <span className="row-note" data-status={status}>
      {words}
    </span>
  )
}

function LevelTag({ level }: { level: EventView['level'] }) {
  if (level === 'info') return null
  return <span className="level-tag">{level}</span>
}

function Flags({ row }: { row: EventView }) {
  return (
    <>
      {row.concurrent && (
        <span className="row-flag" title="Concurrent with the line before: neither caused the other">
          ∥
        </span>
      )}
      {row.late && (
        <span className="row-flag" title="Came after its step had been shown">
          late
        </span>
      )}
      {row.ambiguous && (
        <span className="row-flag" title="Its place is not certain">
          ≈
        </span>
      )}
      {row.inversion && (
        <span className="row-flag" data-strong title="By its clock it stands before a line that caused it">
          ⇅ clock
        </span>
      )}
    </>
  )
}
