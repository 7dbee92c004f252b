import type { Client } from 'pg'
import { messageOf, type Journal } from './journal.js'

export interface Verdict {
  acknowledged: number
  stored: number
  /** Acknowledged events that are not in the table. */
  missing: number
  /** Rows beyond the first of an event. */
  doubled: number
  /** Rows whose content isn't what was logged, or that nobody logged. */
  forged: number
  /** Answers other than the promised ones. */
  unexpected: string[]
  /** What hops and counts say differs from the events by so many. */
  miscounted: number
}

/** Compares the journals with the tables, event by event. */
export async function compare(client: Client, journals: readonly Journal[]): Promise<Verdict> {
  const verdict: Verdict = { acknowledged: 0, stored: 0, missing: 0, doubled: 0, forged: 0, unexpected: [], miscounted: 0 }
  for (const journal of journals) {
    const copies = new Uint8Array(journal.logged)
    const { rows } = await client.query<{ seq: string; message: string }>(
      'select e.seq, e.message from groundtrack.event e join groundtrack.node n on n.id = e.node_id where n.node_uuid = $1',
      [journal.node],
    )
    verdict.stored += rows.length
    for (const { seq, message } of rows) {
      const number = Number(seq)
      if (number >= journal.logged || message !== messageOf(journal.node, number)) verdict.forged++
      else copies[number] = Math.min(255, (copies[number] ?? 0) + 1)
    }
    for (const count of copies) if (count > 1) verdict.doubled += count - 1
    for (const { first, last } of journal.acknowledged) {
      verdict.acknowledged += last - first + 1
      for (let seq = first; seq <= last; seq++) if (copies[seq] === 0) verdict.missing++
    }
    verdict.unexpected.push(...journal.unexpected)
  }
  const { rows: sums } = await client.query<{ events: string }>(
    `select sum(events) as events from groundtrack.session_part union all select sum(events) from groundtrack.event_count
      union all select sum(events) from groundtrack.flush`,
  )
  for (const { events } of sums) verdict.miscounted += Math.abs(Number(events) - verdict.stored)
  verdict.miscounted += await countWrongCalls(client)
  return verdict
}

/** By how much the sums of calls, and the failures listed, differ from the events. A return is counted once, with its call or without. */
async function countWrongCalls(client: Client): Promise<number> {
  const { rows } = await client.query<{ wrong: string }>(`
    with sums as (select calls, ended, errors, unpaired from groundtrack.call_fresh union all select calls, ended, errors, unpaired from groundtrack.call_count),
         counted as (select coalesce(sum(calls), 0) as calls, coalesce(sum(ended + unpaired), 0) as returns, coalesce(sum(errors), 0) as errors from sums),
         told as (select count(*) filter (where kind = 3) as calls, count(*) filter (where kind = 4) as returns from groundtrack.event),
         failed as (select count(*) filter (where breaker_id is not null) as errors from groundtrack.call_failure)
    select abs(counted.calls - told.calls) + abs(counted.returns - told.returns) + abs(counted.errors - failed.errors) as wrong
      from counted, told, failed`)
  return Number(rows[0]?.wrong)
}

/** Whether the promise was kept. */
export function isClean({ missing, doubled, forged, unexpected, miscounted }: Verdict): boolean {
  return missing === 0 && doubled === 0 && forged === 0 && unexpected.length === 0 && miscounted === 0
}
