import type { WriteRequest } from '../write-request.js'
import type { CallNote, EventNotes, ReturnNote } from './event-notes.js'

/** The notes of one node in one request. */
export interface NotedGroup {
  projectId: number
  nodeId: number
  nodeUuid: string
  /** Of the request's producer; null where the wire has none. */
  producer: string | null
  epoch: number | null
  notes: EventNotes
}

/** Where requests say something of calls or breakers; most often nowhere. */
export function listNotedGroups(requests: readonly WriteRequest[]): NotedGroup[] {
  const groups: NotedGroup[] = []
  for (const { projectId, range, content } of requests) {
    for (const { nodeId, nodeUuid, notes } of content.groups) {
      if (notes === null) continue
      groups.push({ projectId, nodeId, nodeUuid, notes, producer: range?.producer ?? null, epoch: range?.epoch ?? null })
    }
  }
  return groups
}

/** A call and its return have the same. */
export function callKey(projectId: number, { session, call }: Pick<CallNote | ReturnNote, 'session' | 'call'>): string {
  return `${projectId} ${session}${call}`
}
