import { setTimeout as delay } from 'node:timers/promises'
import type { EventView } from '../../api.js'
import { ask, type CollectorAddress } from './collector-client.js'
import { CommandError } from './command-error.js'
import { formatEvent } from './format-event.js'
import type { Output } from './output.js'
import { readMessages, type StreamMessage } from './read-messages.js'
import { paint } from './terminal.js'

export interface TailCommand {
  address: CollectorAddress
  session: string | undefined
  q: string | undefined
  since: string | undefined
  isJson: boolean
  follow: boolean
  output: Output
}

/** Three pings that did not come. */
const STALL_MS = 45_000
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 10_000

/** Writes what is told, until history ends (without `follow`), the reader goes away or the collector refuses. Comes back after interruptions where it was. */
export async function runTail(command: TailCommand): Promise<void> {
  const { output } = command
  let cursor: string | undefined
  let waitMs = FIRST_WAIT_MS
  for (let isFirst = true; !output.signal.aborted; isFirst = false) {
    try {
      for await (const message of openTail(command, cursor)) {
        if (!isFirst && waitMs !== FIRST_WAIT_MS) output.note('connected again')
        waitMs = FIRST_WAIT_MS
        cursor = message.id ?? cursor
        if (message.event === 'live' && !command.follow) return
        await writeMessage(command, message)
      }
    } catch (error) {
      if (output.signal.aborted) return
      if (!(error instanceof CommandError) || (isFirst && cursor === undefined) || error.details.isAway !== true) throw error
    }
    if (output.signal.aborted) return
    if (waitMs === FIRST_WAIT_MS) output.note('the connection was lost; trying again')
    await delay(waitMs, undefined, { signal: output.signal }).catch(() => {})
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
  }
}

async function* openTail({ address, session, q, since, output }: TailCommand, cursor: string | undefined): AsyncGenerator<StreamMessage> {
  const parameters = new URLSearchParams({
    ...(session !== undefined && { session }),
    ...(q !== undefined && { q }),
    ...(since !== undefined && { since }),
  })
  const stall = new AbortController()
  const signal = AbortSignal.any([output.signal, stall.signal])
  const headers = cursor === undefined ? {} : { 'last-event-id': cursor }
  const response = await ask(address, `/api/v1/tail?${parameters.toString()}`, { accept: 'text/event-stream', headers, signal })
  if (response.body === null) return
  try {
    yield* readMessages(response.body, STALL_MS, () => stall.abort())
  } catch {
    // Cut off, or stalled: the caller comes back with the cursor.
  }
}

async function writeMessage({ isJson, session, output }: TailCommand, { event, data }: StreamMessage): Promise<void> {
  if (event === 'event') {
    return output.write(
      isJson ? data : formatEvent(output.terminal, JSON.parse(data) as EventView, { isOneSession: session !== undefined }),
    )
  }
  if (event !== 'gap') return
  const { count } = JSON.parse(data) as { count: number }
  if (isJson) return output.write(JSON.stringify({ gap: JSON.parse(data) as unknown }))
  await output.write(paint(output.terminal, 'yellow', `… ${count} lines skipped: this reader was too slow`))
}
