/** State of a number that is not there. */
export type AbsenceState = 'expected' | 'dropped' | 'rejected' | 'died' | 'unexplained' | 'unknowable'

/** What is known of the numbers of one hop. */
export interface HopNumbers {
  span: string
  /** The numbers that are there, rising; doubles do no harm. */
  numbers: readonly number[]
  /** Proof from elsewhere that it counted so far: a return that names it, a hop that it called. 0 for none. */
  atLeast: number
  /** False for wires whose numbers have holes of their own (MDK: `unknowable`) or that number nothing (OpenTelemetry). */
  isNative: boolean
  /** Where its producer is: `sending` may still deliver; `gone` never will; `settled` has had its time. */
  producer: 'sending' | 'gone' | 'settled'
}

/** Numbers of a hop that will never come, and who said so. */
export interface Absence {
  span: string
  /** Inclusive. */
  from: number
  to: number
  state: 'dropped' | 'rejected'
  reason: string
}

/** A run of absent numbers, inclusive. */
export interface MissingRun {
  span: string
  from: number
  to: number
  state: AbsenceState
  reason?: string
}

const STATE_OF_PRODUCER = { sending: 'expected', gone: 'died', settled: 'unexplained' } as const

/**
 * Every number that is not there, each in exactly one run, rising within its hop. Spans that only an absence names come
 * last. Cost: linear but for sorting the absences.
 */
export function findMissing(hops: readonly HopNumbers[], absences: readonly Absence[]): MissingRun[] {
  const bySpan = new Map<string, Absence[]>()
  for (const absence of absences) {
    if (absence.to < absence.from) continue
    const own = bySpan.get(absence.span)
    if (own) own.push(absence)
    else bySpan.set(absence.span, [absence])
  }
  const missing: MissingRun[] = []
  for (const hop of hops) {
    explainHop(hop, makeDisjoint(bySpan.get(hop.span) ?? []), missing)
    bySpan.delete(hop.span)
  }
  for (const own of bySpan.values()) for (const run of makeDisjoint(own)) missing.push(run)
  return missing
}

/** How many numbers the runs hold together; those of which nobody can tell whether they ever were don't count. */
export function countMissing(runs: readonly MissingRun[]): number {
  return runs.reduce((sum, run) => (run.state === 'unknowable' ? sum : sum + run.to - run.from + 1), 0)
}

function explainHop(hop: HopNumbers, own: readonly MissingRun[], missing: MissingRun[]): void {
  const last = Math.max(hop.numbers.at(-1) ?? 0, hop.atLeast, own.at(-1)?.to ?? 0)
  const state = hop.isNative ? STATE_OF_PRODUCER[hop.producer] : 'unknowable'
  let absence = 0
  let next = 1
  const explainUntil = (end: number) => {
    while (next <= end) {
      while ((own[absence]?.to ?? Infinity) < next) absence++
      const known = own[absence]
      const isKnown = known !== undefined && known.from <= next
      const to = Math.min(end, isKnown ? known.to : known ? known.from - 1 : end)
      missing.push(isKnown ? { ...known, from: next, to } : { span: hop.span, from: next, to, state })
      next = to + 1
    }
  }
  for (const number of hop.numbers) {
    explainUntil(number - 1)
    next = Math.max(next, number + 1)
  }
  explainUntil(last)
}

/** Where two say something of one number, the one that begins first is believed. */
function makeDisjoint(absences: Absence[]): MissingRun[] {
  const runs: MissingRun[] = []
  let next = 1
  for (const absence of absences.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    const from = Math.max(next, absence.from)
    if (from > absence.to) continue
    runs.push({ ...absence, from })
    next = absence.to + 1
  }
  return runs
}
