import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type FaultyServer } from './harness/database.js'
import { isClean, type Verdict } from './harness/check.js'
import { runKills, type Victim } from './harness/kill-run.js'
import { makeMutant, MUTANTS, ROOT, type Mutant } from './harness/mutant.js'

let server: FaultyServer

beforeAll(async () => {
  server = await startServer()
})

afterAll(() => server.remove())

const KILLS = Number(process.env['GROUNDTRACK_FAULT_KILLS'] ?? 20)
const SEED = Number(process.env['GROUNDTRACK_FAULT_SEED'] ?? Math.floor(Math.random() * 2 ** 32))
const MINUTE_MS = 60_000
/** A mutant that survives so many rounds of kills was not caught. */
const ROUNDS = 3

test(
  `no acknowledged event is missing and none is doubled after ${KILLS} kills of collector and PostgreSQL`,
  { timeout: MINUTE_MS + KILLS * 10_000 },
  async () => {
    const verdict = await runKills({
      server,
      main: join(ROOT, 'collector/dist/main.js'),
      kills: KILLS,
      victims: ['collector', 'postgres'],
      seed: SEED,
    })

    console.log(`seed ${SEED}: ${describe(verdict)}`)
    expect(verdict).toMatchObject({ missing: 0, doubled: 0, forged: 0, unexpected: [], miscounted: 0 })
    expect(verdict.acknowledged).toBeGreaterThan(KILLS * 100)
    expect(verdict.stored).toBe(verdict.acknowledged)
  },
)

const CASES: readonly [Mutant, Victim, keyof Verdict][] = [
  [MUTANTS.answersBeforeCommit, 'collector', 'missing'],
  [MUTANTS.keepsNoLedger, 'collector', 'doubled'],
  [MUTANTS.commitsWithoutWaiting, 'postgres', 'missing'],
]

test.each(CASES)('a collector that $name is caught', { timeout: 3 * MINUTE_MS }, async (mutant, victim, symptom) => {
  const { folder, main } = makeMutant(mutant)
  let verdict: Verdict | undefined
  for (let round = 0; round < ROUNDS && (verdict === undefined || isClean(verdict)); round++) {
    verdict = await runKills({ server, main, kills: 2, victims: [victim], seed: SEED + round })
    console.log(`${mutant.name}, seed ${SEED + round}: ${describe(verdict)}`)
  }
  rmSync(folder, { recursive: true, force: true })

  expect(verdict?.[symptom]).toBeGreaterThan(0)
})

function describe({ acknowledged, stored, missing, doubled, forged, miscounted, unexpected }: Verdict): string {
  return `${acknowledged} acknowledged, ${stored} stored, ${missing} missing, ${doubled} doubled, ${forged} forged, ${miscounted} miscounted, ${unexpected.length} unexpected answers ${unexpected[0] ?? ''}`
}
