import { newSession, newSpan, postBatch, type WireEvent } from './batch.js'

export interface Line {
  message: string
  level?: string
  category?: string
  attributes?: Record<string, unknown>
}

/** Stores a session of one step: opened, these lines, closed. Gives its id and the span of the step. */
export async function tellStory(
  url: string,
  story: { service?: string; name: string; lines: Line[]; failed?: string; properties?: Record<string, unknown>; node?: WireEvent },
): Promise<{ session: string; span: string }> {
  const session = newSession()
  const span = newSpan()
  const startedAt = Date.now() - 1_000
  const at = (n: number): WireEvent => ({ session, span, clock: [n], time: startedAt + n })
  const count = story.lines.length + 2
  await postBatch(url, {
    service: story.service ?? 'storefront',
    ...(story.node && { node: story.node }),
    events: [
      { ...at(1), kind: 'open', name: story.name, ...(story.properties && { properties: story.properties }) },
      ...story.lines.map((line, index) => ({ ...at(index + 2), ...line })),
      { ...at(count), kind: 'close', ...(story.failed === undefined ? { status: 'ok' } : { status: 'error', reason: story.failed }) },
    ],
  })
  return { session, span }
}
