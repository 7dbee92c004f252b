/** One message of a stream of server-sent events. */
export interface StreamMessage {
  event: string
  id: string | undefined
  data: string
}

/** Reads messages until the stream ends; aborts it when nothing at all came for `stallMs`, which `onStall` does. */
export async function* readMessages(body: ReadableStream<Uint8Array>, stallMs: number, onStall: () => void): AsyncGenerator<StreamMessage> {
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let text = ''
  try {
    for (;;) {
      const timer = setTimeout(onStall, stallMs)
      const { done, value } = await reader.read().finally(() => clearTimeout(timer))
      if (done) return
      text += decoder.decode(value, { stream: true })
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const message = readMessage(text.slice(0, end))
        text = text.slice(end + 2)
        if (message) yield message
      }
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}

/** Null for comments. */
function readMessage(block: string): StreamMessage | null {
  let event = ''
  let id: string | undefined
  let data = ''
  for (const line of block.split('\n')) {
    if (line.startsWith('event: ')) event = line.slice(7)
    else if (line.startsWith('id: ')) id = line.slice(4)
    else if (line.startsWith('data: ')) data = line.slice(6)
  }
  return event === '' ? null : { event, id, data }
}
