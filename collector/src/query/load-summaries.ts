import { listNodes, listSessionParts, type ProjectReader, type StoredNode, type StoredPart } from '@groundtrack/db'
import type { SessionSummary } from '../api.js'
import { fatesOf, mergeParts } from './merge-parts.js'
import { summariseSession } from './summarise-session.js'

/** The rows of the list for these sessions, in the same order; a session whose parts are gone by now is left out. */
export async function loadSummaries(reader: ProjectReader, sessions: readonly string[], nowMs: number): Promise<SessionSummary[]> {
  if (sessions.length === 0) return []
  const parts = await listSessionParts(reader, sessions)
  const nodes = await loadNodes(
    reader,
    parts.map((part) => part.nodeId),
  )
  const bySession = new Map<string, StoredPart[]>()
  for (const part of parts) {
    const own = bySession.get(part.session)
    if (own) own.push(part)
    else bySession.set(part.session, [part])
  }
  const summaries: SessionSummary[] = []
  for (const session of sessions) {
    const own = bySession.get(session)
    if (!own) continue
    const sums = mergeParts(own)
    summaries.push(summariseSession(session, { parts: own, sums, fates: fatesOf(sums, nodes, nowMs), nodes }))
  }
  return summaries
}

/** Nodes by row id. */
export async function loadNodes(reader: ProjectReader, ids: readonly (number | null)[]): Promise<Map<number, StoredNode>> {
  const wanted = [...new Set(ids)].filter((id) => id !== null)
  const nodes = wanted.length === 0 ? [] : await listNodes(reader, wanted)
  return new Map(nodes.map((node) => [node.id, node]))
}
