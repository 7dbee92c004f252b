import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { Groundtrack } from '@groundtrack/sdk'
import { ownAddress, ownPort, sayReady } from './shop-env.js'

/** Until then everybody knows that this process left, and calls another. */
const HEARD_WITHIN_MS = 500

/** Opens a service. Told to end, it first leaves the registry, then answers whom it let in, so that nobody's call is lost. */
export function serve(gt: Groundtrack, service: string, answer: RequestListener): void {
  const server = createServer(answer)
  server.listen(ownPort, '127.0.0.1', () => {
    gt.info('boot', `${service} listens on ${ownAddress}`)
    sayReady()
  })
  process.once('SIGTERM', () => {
    void (async () => {
      await gt.leave()
      await delay(HEARD_WITHIN_MS)
      server.close()
      await once(server, 'close')
      await gt.stop()
      process.exit()
    })()
  })
}
