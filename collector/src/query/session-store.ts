import { readSessionVersion, type ProjectReader } from '@groundtrack/db'
import { ApiError } from '../errors.js'
import { explainSession, type ExplainedSession } from './explain-session.js'
import { judgeGaps } from './judge-gaps.js'
import { loadSession, nodeIdsOf } from './loaded-session.js'
import { loadNodes } from './load-summaries.js'
import { SessionCache } from './session-cache.js'
import { parseSessionId } from './session-id.js'

const MAX_CACHE_BYTES = 64 * 1024 * 1024

/** Opens sessions: as they are stored at this instant, as their nodes are now. */
export interface SessionStore {
  /** Throws not_found. */
  open(id: string): Promise<ExplainedSession>
}

export function createSessionStore(reader: ProjectReader, now: () => number): SessionStore {
  const cache = new SessionCache(MAX_CACHE_BYTES)
  return {
    async open(id) {
      const session = parseSessionId(id)
      const version = session === null ? null : await readSessionVersion(reader, session)
      if (session === null || version === null) throw new ApiError('not_found')
      const loaded = await cache.get(session, version, now(), () => loadSession(reader, session))
      const [nodes, gaps] = await Promise.all([loadNodes(reader, nodeIdsOf(loaded)), judgeGaps(reader, loaded, now())])
      return explainSession(loaded, nodes, gaps, now())
    },
  }
}
