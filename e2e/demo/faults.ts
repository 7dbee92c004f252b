import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { ProcessSpec, Processes } from './processes.js'

interface Fault {
  firstAfterMs: number
  everyMs: number
  strike: () => Promise<void>
}

export interface Faults {
  processes: Processes
  /** Starts processes and waits until they are registered. */
  open: (specs: ProcessSpec[]) => Promise<void>
  outbox: string
  say: (line: string) => void
  signal: AbortSignal
}

/** Each story of nodes and breakers is told once in this time, one after the other. */
const ROUND_MS = 120_000
const RESTART_AFTER_MS = 1_000
const LINE_DOWN_MS = 22_000
const BANK_DOWN_MS = 7_000
/** Long enough that a killed node is stale on the board, and then gone: 30 and 60 s after its last sign of life. */
const AWAY_MS = 78_000
const BETWEEN_RESTARTS_MS = 2_000
/** A mail this old is surely being sent, and its first lines have reached the collector. */
const MID_WORK_AFTER_MS = 500

/** Lets the faults that come from outside of the programs strike again and again until the signal. */
export async function strikeFaults(faults: Faults): Promise<void> {
  const { signal } = faults
  const all: Fault[] = [
    { firstAfterMs: 6_000, everyMs: 25_000, strike: () => killMailer(faults) },
    { firstAfterMs: 9_000, everyMs: ROUND_MS, strike: () => breakFirstLine(faults) },
    { firstAfterMs: 16_000, everyMs: ROUND_MS, strike: () => killCart(faults) },
    { firstAfterMs: 50_000, everyMs: ROUND_MS, strike: () => breakBank(faults) },
    { firstAfterMs: 80_000, everyMs: ROUND_MS, strike: () => restartPayments(faults) },
  ]
  await Promise.all(all.map((fault) => repeat(fault, signal)))
}

async function repeat({ firstAfterMs, everyMs, strike }: Fault, signal: AbortSignal): Promise<void> {
  await delay(firstAfterMs, undefined, { signal })
  for (;;) await Promise.all([strike(), delay(everyMs, undefined, { signal })])
}

async function killMailer({ processes, open, outbox, say, signal }: Faults): Promise<void> {
  await untilMidWork(outbox, signal)
  const spec = await processes.kill('mailer')
  if (!spec) return
  say('mailer was killed (kill -9) while it was sending a mail; starts again')
  await delay(RESTART_AFTER_MS, undefined, { signal })
  await open([spec])
}

async function breakFirstLine({ processes, say, signal }: Faults): Promise<void> {
  processes.tell('partners', { linesDown: [0] })
  say(`the bank line of payments-1 is down for ${LINE_DOWN_MS / 1_000} s: its callers cut it off, payments-2 does its work`)
  await delay(LINE_DOWN_MS, undefined, { signal })
  processes.tell('partners', { linesDown: [] })
  say('the bank line of payments-1 works again')
}

async function breakBank({ processes, say, signal }: Faults): Promise<void> {
  processes.tell('partners', { linesDown: [0, 1] })
  say(`the whole bank is down for ${BANK_DOWN_MS / 1_000} s: both payments nodes are cut off, and who wants to pay is told at once`)
  await delay(BANK_DOWN_MS, undefined, { signal })
  processes.tell('partners', { linesDown: [] })
  say('the bank works again')
}

async function killCart({ processes, open, say, signal }: Faults): Promise<void> {
  const spec = await processes.kill('cart-1')
  if (!spec) return
  say(`cart-1 was killed (kill -9) and stays away for ${AWAY_MS / 1_000} s: cart-2 does its work`)
  await delay(AWAY_MS, undefined, { signal })
  await open([spec])
  say('cart-1 is back at its address')
}

async function restartPayments({ processes, open, say, signal }: Faults): Promise<void> {
  say('payments is restarted, one node after the other')
  for (const name of ['payments-1', 'payments-2']) {
    const spec = await processes.stop(name)
    if (spec) await open([spec])
    await delay(BETWEEN_RESTARTS_MS, undefined, { signal })
  }
  say('payments is restarted; nobody should have noticed')
}

/** The mailer writes each mail as a .part file and renames it once it is sent. */
async function untilMidWork(outbox: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const parts = (await readdir(outbox)).filter((file) => file.endsWith('.part'))
    const ages = await Promise.all(
      parts.map(async (file) => Date.now() - (await stat(join(outbox, file)).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs),
    )
    if (ages.some((ageMs) => ageMs > MID_WORK_AFTER_MS && ageMs < 2 * MID_WORK_AFTER_MS)) return
    await delay(50, undefined, { signal })
  }
}
