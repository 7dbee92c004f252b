import {
  classifyError,
  inNodeTransition,
  registerNodes,
  renewNodes,
  type Database,
  type RegisteredNode,
  type Registration,
} from '@groundtrack/db'
import { Batches } from './batches.js'

export interface HeartbeatWriterOptions {
  db: Pick<Database, 'ingest'>
  projectId: number
  /** Milliseconds since the epoch. */
  now: () => number
  /** The row of a node that is up and says just this; null where it has to be registered. */
  findSame: (registration: Registration) => number | null
  /** Told of the rows that a write changed, before those who wait for it. */
  onWritten: (rows: RegisteredNode[]) => void
}

/** `owned`: it belongs to another bearer. An error: PostgreSQL refuses this one. */
export type Written = 'stored' | 'owned' | Error

interface Beat {
  place: number
  registration: Registration
}

/** Keeps a transaction short, and with it the time that other collectors wait for it. */
const MAX_AT_ONCE = 200

/** Writes heartbeats: most only renew, which takes one statement for all; the others are registered. */
export class HeartbeatWriter extends Batches<Registration, Written> {
  constructor(options: HeartbeatWriterOptions) {
    super(MAX_AT_ONCE, (registrations) => writeHeartbeats(registrations, options))
  }
}

async function writeHeartbeats(registrations: readonly Registration[], options: HeartbeatWriterOptions): Promise<Written[]> {
  const written: Written[] = registrations.map(() => 'stored')
  const renewed = await renew(registrations, options)
  const rest = registrations.map((registration, place) => ({ place, registration })).filter(({ place }) => !renewed.has(place))
  for (const apart of separate(rest)) await register(apart, written, options)
  return written
}

/** Answers the positions of those for which that was enough. */
async function renew(registrations: readonly Registration[], options: HeartbeatWriterOptions): Promise<Set<number>> {
  const { db, projectId, now, findSame, onWritten } = options
  const ids = registrations.map(findSame)
  const known = ids.filter((id) => id !== null)
  if (known.length === 0) return new Set()
  const rows = await renewNodes(db.ingest, projectId, known, new Date(now()))
  onWritten(rows)
  const renewed = new Set<number | null>(rows.map(({ id }) => id))
  return new Set([...ids.keys()].filter((place) => renewed.has(ids[place] ?? null)))
}

async function register(beats: readonly Beat[], written: Written[], options: HeartbeatWriterOptions): Promise<void> {
  const { db, projectId, now, onWritten } = options
  const registrations = beats.map(({ registration }) => registration)
  try {
    const { rows, owned } = await inNodeTransition(db.ingest, projectId, (client) =>
      registerNodes(client, projectId, registrations, new Date(now())),
    )
    onWritten(rows)
    for (const i of owned) written[beats[i]?.place ?? -1] = 'owned'
  } catch (error) {
    if (classifyError(error) === 'unavailable' || !(error instanceof Error)) throw error
    // One that PostgreSQL refuses must not cost the others their heartbeat.
    const [only] = beats
    if (beats.length === 1 && only) written[only.place] = error
    else for (const beat of beats) await register([beat], written, options)
  }
}

/** In groups in which no key and no address comes twice: of two that say different things the later one is written later. */
function separate(beats: readonly Beat[]): Beat[][] {
  const groups: { beats: Beat[]; taken: Set<string> }[] = []
  for (const beat of beats) {
    const { uuid, service, environment, address } = beat.registration
    const names = [JSON.stringify(['key', uuid, service, environment]), JSON.stringify(['address', address ?? uuid, service, environment])]
    // After the last group that has one of them.
    const place = groups.findLastIndex(({ taken }) => names.some((name) => taken.has(name))) + 1
    const group = groups[place] ?? { beats: [], taken: new Set() }
    groups[place] = group
    group.beats.push(beat)
    for (const name of names) group.taken.add(name)
  }
  return groups.map((group) => group.beats)
}
