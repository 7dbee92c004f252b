import type { Lane } from './lane.js'
import type { WriteRequest } from './write-request.js'

/**
 * The lines of one request that the database won't take: halves them, trying each half in a transaction that is rolled back.
 * Throws whatever fails for another reason.
 */
export async function findRefusedLines(lane: Lane, request: WriteRequest, isRefused: (error: unknown) => boolean): Promise<Set<number>> {
  const all = request.listLines()
  const refused = new Set<number>()
  const search = async (lines: readonly number[]): Promise<void> => {
    if (lines.length === 0 || (await isTaken(lines))) return
    const [only] = lines
    if (lines.length === 1 && only !== undefined) return void refused.add(only)
    const middle = lines.length >> 1
    await search(lines.slice(0, middle))
    await search(lines.slice(middle))
  }
  const isTaken = async (lines: readonly number[]): Promise<boolean> => {
    const kept = new Set(lines)
    const content = request.without(new Set(all.filter((line) => !kept.has(line))))
    try {
      await lane.write([{ ...request, content }], 'rollback')
      return true
    } catch (error) {
      if (isRefused(error)) return false
      throw error
    }
  }
  await search(all)
  return refused
}
