import { arrivalKey, listSessionProperties, matchEvents, type Filter, type ProjectReader } from '@groundtrack/db'
import { groupBy } from '../query/group-by.js'
import { evaluate, type Candidate } from './evaluate.js'

/** The events that match, in their order. What can't be told here is asked of the database, all at once. */
export async function selectMatches(
  reader: ProjectReader,
  filter: Filter,
  candidates: readonly Candidate[],
  now: Date,
): Promise<Candidate[]> {
  const verdicts = candidates.map((candidate) => evaluate(filter, candidate))
  if (verdicts.includes('properties')) {
    await addProperties(
      reader,
      candidates.filter((_, i) => verdicts[i] === 'properties'),
    )
    for (const [i, candidate] of candidates.entries()) if (verdicts[i] === 'properties') verdicts[i] = evaluate(filter, candidate)
  }
  const open = candidates.filter((_, i) => verdicts[i] === 'database').map(({ event }) => event)
  const matching = await matchEvents(reader, filter, now, open)
  return candidates.filter(({ event }, i) => verdicts[i] === true || (verdicts[i] === 'database' && matching.has(arrivalKey(event))))
}

/** Looks up the properties of the sessions of these events, once for all tails that ask at the same time. */
async function addProperties(reader: ProjectReader, candidates: readonly Candidate[]): Promise<void> {
  const open = candidates.filter(({ properties, lookup }) => properties === undefined && lookup === undefined)
  const lookup = lookUp(reader, open)
  for (const candidate of open) candidate.lookup = lookup
  await Promise.all(new Set(candidates.flatMap(({ lookup: underWay }) => underWay ?? [])))
}

async function lookUp(reader: ProjectReader, candidates: readonly Candidate[]): Promise<void> {
  try {
    const found = await listSessionProperties(reader, [...new Set(candidates.map(({ event }) => event.session))])
    const ofSession = groupBy(found, ({ session }) => session)
    for (const candidate of candidates) {
      candidate.properties = (ofSession.get(candidate.event.session) ?? []).map(({ properties }) => properties)
    }
  } finally {
    for (const candidate of candidates) delete candidate.lookup
  }
}
