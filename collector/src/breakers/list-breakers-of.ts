import { listBreakersOfNode, type ProjectReader } from '@groundtrack/db'
import type { BreakerView } from '../api-registry.js'
import { presentBreaker } from './present-breaker.js'

/** The breakers in which a node (UUID) is the caller, and those in which it is called: what needs a look first, at most 1,000. */
export async function listBreakersOf(reader: ProjectReader, node: string, nowMs: number): Promise<BreakerView[]> {
  return (await listBreakersOfNode(reader, node, new Date(nowMs))).map(presentBreaker)
}
