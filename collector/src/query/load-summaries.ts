import { listAbsences, listNodes, listSessionParts, type ProjectReader, type StoredNode } from '@groundtrack/db'
import type { SessionSummary } from '../api.js'
import { countMissingOfParts } from './count-missing.js'
import { groupBy } from './group-by.js'
import { fatesOf, mergeParts } from './merge-parts.js'
import { summariseSession } from './summarise-session.js'

/** The rows of the list for these sessions, in the same order; a session whose parts are gone by now is left out. */
export async function loadSummaries(reader: ProjectReader, sessions: readonly string[], nowMs: number): Promise<SessionSummary[]> {
  if (sessions.length === 0) return []
  const [parts, absences] = await Promise.all([listSessionParts(reader, sessions), listAbsences(reader, sessions)])
  const nodes = await loadNodes(
    reader,
    [...parts, ...absences].map((row) => row.nodeId),
  )
  const partsOf = groupBy(parts, (part) => part.session)
  const absencesOf = groupBy(absences, (absence) => absence.session)
  const summaries: SessionSummary[] = []
  for (const session of sessions) {
    const own = partsOf.get(session)
    if (!own) continue
    const sums = mergeParts(own)
    const missing = countMissingOfParts(sums, absencesOf.get(session) ?? [], nodes, nowMs)
    summaries.push(summariseSession(session, { parts: own, sums, fates: fatesOf(sums, nodes), nodes, missing }))
  }
  return summaries
}

/** Nodes by row id. */
export async function loadNodes(reader: ProjectReader, ids: Iterable<number | null>): Promise<Map<number, StoredNode>> {
  const wanted = [...new Set(ids)].filter((id) => id !== null)
  const nodes = wanted.length === 0 ? [] : await listNodes(reader, wanted)
  return new Map(nodes.map((node) => [node.id, node]))
}
