import { once } from 'node:events'
import { from } from 'pg-copy-streams'
import type { Connection } from '../connection.js'

/** Runs a COPY … FROM STDIN and sends it `chunks`, waiting whenever the server is slower. Rejects with the server's error. */
export async function copyInto(connection: Connection, statement: string, chunks: Iterable<Buffer | string>): Promise<void> {
  const stream = connection.query(from(statement))
  const finished = new Promise<void>((resolve, reject) => {
    stream.once('finish', resolve)
    stream.once('error', reject)
  })
  // A refusal may come while this is still waiting for room; it is thrown below.
  finished.catch(() => {})
  for (const chunk of chunks) {
    if (stream.destroyed) break
    if (!stream.write(chunk)) await Promise.race([once(stream, 'drain'), finished])
  }
  stream.end()
  await finished
}
