import { listLedgerWindows, type LedgerAnswer, type LedgerQuestion, type ProjectReader } from '@groundtrack/db'
import {
  findMissing,
  judgeGap,
  knownNumbers,
  type GapVerdict,
  type LedgerWindow,
  type MissingRun,
  type SeqBounds,
} from '../causality/index.js'
import { findSeqBounds, MAX_GAPS } from './gap-bounds.js'
import type { LoadedSession } from './loaded-session.js'
import { LOOSE_SPAN } from './merge-parts.js'
import { EXPECTED_MICROS } from './producers.js'

/** The gaps of a session, and what the ledger says of each at this instant. */
export interface JudgedGaps {
  /** Those that nobody gave up are `unexplained` here: presence and time may say better. */
  runs: readonly MissingRun[]
  /** By position in `runs`; `unknown` where there is none. */
  verdicts: ReadonlyMap<number, GapVerdict>
}

interface Gaps {
  runs: readonly MissingRun[]
  bounds: Promise<ReadonlyMap<number, SeqBounds>>
}

/** What was found of each session that is in memory. */
const known = new WeakMap<LoadedSession['graph'], Gaps>()

/** Reads nothing where no number is absent without a reason; else the numbers around the gaps once a session, and the ledger each time. */
export async function judgeGaps(reader: ProjectReader, session: LoadedSession, nowMs: number): Promise<JudgedGaps> {
  const { runs, bounds } = known.get(session.graph) ?? findGaps(reader, session)
  const asked = await bounds
  const windows = await readWindows(reader, [...asked.values()], nowMs)
  return { runs, verdicts: new Map([...asked].map(([position, gap]) => [position, judgeGap(gap, windows)])) }
}

function findGaps(reader: ProjectReader, session: LoadedSession): Gaps {
  const runs = findAbsent(session)
  const open = new Map<number, MissingRun>()
  for (const [position, run] of runs.entries()) if (run.state === 'unexplained' && open.size < MAX_GAPS) open.set(position, run)
  const bounds = open.size === 0 ? Promise.resolve(new Map<number, SeqBounds>()) : findSeqBounds(reader, session, open)
  const gaps = { runs, bounds }
  known.set(session.graph, gaps)
  bounds.catch(() => known.delete(session.graph))
  return gaps
}

function findAbsent({ sums, graph, absences, nodes }: LoadedSession): readonly MissingRun[] {
  const nodeIdOf = new Map(sums.map((sum) => [sum.span, sum.nodeId]))
  const numbers = knownNumbers(graph)
  const spans = new Set(numbers.map(({ span }) => span))
  for (const { span } of absences) {
    if (spans.has(span) || span === LOOSE_SPAN) continue
    spans.add(span)
    numbers.push({ span, numbers: [], atLeast: 0 })
  }
  const hops = numbers.map((hop) => {
    const node = nodes.get(nodeIdOf.get(hop.span) ?? -1)
    return { ...hop, isNative: (node?.origin ?? 'native') === 'native', producer: 'settled' as const }
  })
  return findMissing(
    hops,
    absences.map(({ span, from, to, state, reason }) => ({ span, from, to, state, reason })),
  )
}

async function readWindows(reader: ProjectReader, gaps: readonly SeqBounds[], nowMs: number): Promise<LedgerWindow[]> {
  const questions = new Map<number, LedgerQuestion>()
  for (const { nodeId, low, high } of gaps) {
    if (high === null) continue
    const question = questions.get(nodeId) ?? { nodeId, low, high }
    questions.set(nodeId, {
      nodeId,
      low: low === null || question.low === null ? null : Math.min(low, question.low),
      high: Math.max(high, question.high),
    })
  }
  if (questions.size === 0) return []
  return (await listLedgerWindows(reader, [...questions.values()], new Date(nowMs - EXPECTED_MICROS / 1_000))).map(toWindow)
}

function toWindow({ isWhole, isSettled, ...window }: LedgerAnswer): LedgerWindow {
  return { ...window, below: isWhole ? 'nothing' : isSettled ? 'settled' : 'unknown' }
}
