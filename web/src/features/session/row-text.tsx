import type { EventView } from '@groundtrack/collector/api'
import { ChevronRight } from 'lucide-react'
import type { RowOrder } from '../../api/session-rows'
import { AttributeLine } from '../../components/attribute-line'
import { LogText } from '../../components/log-text'
import { budgetOf, type Budget } from '../../lib/budget'
import { callBreaker, findTurn } from '../../lib/call-breaker'
import { eventWords } from '../../lib/event-words'
import { countOf, formatCount, formatDuration } from '../../lib/format'
import { serviceColour } from '../../lib/service-hue'
import { CALL_STATUS_TIPS, CALL_STATUS_WORDS, MARK_TIPS } from '../../lib/session-words'
import type { Call, Step, Story } from '../../lib/session-story'
import { BreakerLink, BreakerMark } from './breaker-mark'
import { Note, RowFlags } from './row-marks'
import type { Folding } from './use-folding'
import './row-text.css'

const SIGN: Partial<Record<EventView['kind'], string>> = { call: '→', return: '←', set: '⚑', breaker: '⌁', close: '■' }

interface RowTextProps {
  row: EventView
  story: Story
  step: Step | undefined
  order: RowOrder
  isHead: boolean
  folded: boolean
  folding: Folding
}

/** The words of a line. The opening of a step is its heading in the order by call; elsewhere each line says whose it is. */
export function RowText({ row, story, step, order, isHead, folded, folding }: RowTextProps) {
  if (isHead && step) return <StepHead row={row} step={step} folded={folded} folding={folding} story={story} />
  const words = row.kind === 'call' ? callWords(row, story) : eventWords(row, (node) => story.processes.get(node)?.name)
  const failed = row.status !== undefined && row.status !== 'ok'
  const call = row.kind === 'call' && row.call !== undefined ? story.calls.get(row.call) : undefined
  const process = story.processes.get(row.node)?.name ?? row.service
  const turn = row.kind === 'breaker' ? findTurn(row, story) : undefined
  return (
    <span className="row-text" data-kind={row.kind} data-failed={failed} data-to={row.to}>
      {(order !== 'tree' || step === undefined) && (
        <span className="row-service" style={{ color: serviceColour(row.service) }}>
          {process}
        </span>
      )}
      <RowFlags row={row} step={step} />
      {row.kind === 'log' && <LevelTag level={row.level} />}
      {row.kind !== 'log' && <span className="row-sign">{failed ? '✕' : (SIGN[row.kind] ?? '▸')} </span>}
      {turn?.id !== undefined && (
        <BreakerLink id={turn.id} inRow>
          breaker
        </BreakerLink>
      )}
      {words === '' ? <i>no message</i> : <LogText text={turn?.id === undefined ? words : words.replace(/^breaker/, '')} />}
      {call && CALL_STATUS_WORDS[call.view.status] !== '' && (
        <Note
          status={call.view.status}
          words={CALL_STATUS_WORDS[call.view.status]}
          tip={CALL_STATUS_TIPS[call.view.status]}
          breaker={call.view.status === 'cut' ? call.view.breakerId : undefined}
        />
      )}
      {call && call.view.callees.length > 1 && (
        <Note
          status="died"
          words={`joined ${call.view.callees.length === 2 ? 'twice' : `${call.view.callees.length} times`}`}
          tip={MARK_TIPS.joinedTwice}
        />
      )}
      {call && <CallMarks call={call} step={step} story={story} />}
      <AttributeLine attributes={row.attributes} />
    </span>
  )
}

/** What breaker and deadline had to do with a call. */
function CallMarks({ call, step, story }: { call: Call; step: Step | undefined; story: Story }) {
  const { view } = call
  const budget = budgetOf({ remainingMs: view.remainingMs, startMs: call.startMs, endMs: call.endMs }, step, story)
  return (
    <>
      <BreakerMark breaker={callBreaker(view, story.view.calls, story.view.breakers)} />
      {budget && budget.overMs > 0 && <OverNote budget={budget} />}
    </>
  )
}

function OverNote({ budget: { overMs } }: { budget: Budget }) {
  return <Note status="timeout" words={`${formatDuration(overMs)} over budget`} tip="It went on after its deadline had passed" />
}

/** A call that went out by its address alone is named after the step that answered it. */
function callWords(row: EventView, story: Story): string {
  const callee = row.call === undefined ? undefined : story.steps.get(story.calls.get(row.call)?.view.callees[0] ?? '')
  const name = (node: string) => story.processes.get(node)?.name
  if (callee === undefined || row.target?.service !== undefined) return eventWords(row, name)
  return eventWords({ ...row, target: { ...row.target, service: name(callee.hop.node) ?? callee.hop.service } }, name)
}

function StepHead({ row, step, folded, folding, story }: { row: EventView; step: Step; folded: boolean; folding: Folding; story: Story }) {
  const { hop } = step
  const process = story.processes.get(hop.node)?.name ?? hop.service
  const budget = budgetOf({ remainingMs: hop.remainingMs, startMs: step.startMs, endMs: step.endMs }, step, story)
  return (
    <span className="step-head" style={{ '--service': serviceColour(hop.service) }}>
      <button
        type="button"
        tabIndex={-1}
        className="step-fold"
        aria-label={folded ? `Expand ${hop.service}` : `Collapse ${hop.service}`}
        title={`${folded ? 'Expand' : 'Collapse'} this step ([ ]); with Alt all steps of ${hop.service} ({ })`}
        onClick={(event) => {
          event.stopPropagation()
          if (event.altKey) folding.foldService(hop.service, !folded)
          else folding.foldStep(hop.span, !folded)
        }}
      >
        <ChevronRight size={14} aria-hidden data-open={!folded} />
      </button>
      <b>{process}</b> <LogText text={row.name ?? hop.name} />
      {hop.state === 'failed' && <Note status="error" words="failed" />}
      {hop.state === 'running' && <Note status="running" words="◌ running" tip={MARK_TIPS.running} />}
      {hop.state === 'died' && <Note status="died" words="† died" tip={MARK_TIPS.died} />}
      {budget && budget.overMs > 0 && <OverNote budget={budget} />}
      {hop.joinedTwice && <Note status="died" words="joined twice" tip={MARK_TIPS.joinedTwice} />}
      <RowFlags row={row} step={undefined} />
      {folded && step.rows > 1 && <span className="row-attributes">{hiddenWords(step.rows - 1, step.errors)}</span>}
      {hop.state === 'died' && hop.lastWords && hop.lastWords.message !== '' && (
        <span className="row-last-words">
          last words: “<LogText text={hop.lastWords.message} />”
        </span>
      )}
    </span>
  )
}

function LevelTag({ level }: { level: EventView['level'] }) {
  if (level === 'info') return null
  return <span className="level-tag">{level}</span>
}

/** "412 hidden, 2 errors" */
function hiddenWords(rows: number, errors: number): string {
  return `${formatCount(rows)} hidden${errors > 0 ? `, ${countOf(errors, 'error')}` : ''}`
}
