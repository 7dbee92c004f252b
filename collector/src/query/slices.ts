import { setImmediate } from 'node:timers/promises'

/** Ingest goes on in the same process: what takes longer than this lets it have the event loop in between. */
const SLICE_MS = 20

/** Runs work that yields where it may pause. Small work is done at once. */
export async function inSlices<Result>(work: Generator<void, Result, void>): Promise<Result> {
  let since = performance.now()
  for (let step = work.next(); ; step = work.next()) {
    if (step.done === true) return step.value
    if (performance.now() - since < SLICE_MS) continue
    await setImmediate()
    since = performance.now()
  }
}
