import type { EventView, Page } from '../../api.js'
import { askJson, type CollectorAddress } from './collector-client.js'
import { formatEvent } from './format-event.js'
import type { Output } from './output.js'

export interface SearchCommand {
  address: CollectorAddress
  q: string
  since: string | undefined
  limit: number
  isJson: boolean
  output: Output
}

const PAGE = 1_000

/** Writes the newest matching events, oldest first, as a person reads them. */
export async function runSearch({ address, q, since, limit, isJson, output }: SearchCommand): Promise<void> {
  const found: EventView[] = []
  let cursor: string | null = ''
  while (found.length < limit && cursor !== null && !output.signal.aborted) {
    const parameters = new URLSearchParams({ q, limit: String(Math.min(PAGE, limit - found.length)) })
    if (since !== undefined) parameters.set('from', since)
    if (cursor !== '') parameters.set('cursor', cursor)
    const page: Page<EventView> = await askJson(address, `/api/v1/events?${parameters.toString()}`)
    found.push(...page.items)
    cursor = page.next
  }
  for (const event of found.toReversed()) {
    await output.write(isJson ? JSON.stringify(event) : formatEvent(output.terminal, event, { isOneSession: false }))
  }
  if (found.length === 0) output.note(`nothing matches ${since === undefined ? '' : `since ${since}`}`.trim())
  else if (cursor !== null) output.note(`these are the newest ${found.length}; --limit shows more`)
}
