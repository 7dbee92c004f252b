import { createServer, type AddressInfo, type Server } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { StartError } from './start-error.js'

/**
 * Listens on `host`, and at the default 127.0.0.1 on ::1 too, because browsers and SDKs may take `localhost` for either. Answers the port.
 * Throws StartError where it is taken.
 */
export async function listen(app: FastifyInstance, host: string, port: number): Promise<number> {
  const second = host === '127.0.0.1' ? shareConnections(app) : undefined
  try {
    await app.listen({ host, port })
  } catch (error) {
    if (isCode(error, 'EADDRINUSE')) throw new StartError(await explainTaken(host, port))
    if (isCode(error, 'EACCES')) throw new StartError(`This user may not listen on port ${port}. Set GROUNDTRACK_PORT to one above 1023.`)
    throw error
  }
  const actual = (app.server.address() as AddressInfo).port
  if (second) await listenOn(second, '::1', actual, app)
  return actual
}

/** A listener whose connections the app's server handles as its own: same limits, same timeouts. */
function shareConnections(app: FastifyInstance): Server {
  const second = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => void app.server.emit('connection', socket))
  if (app.server.maxConnections) second.maxConnections = app.server.maxConnections
  app.addHook('preClose', async () => void second.close())
  return second
}

function listenOn(server: Server, host: string, port: number, app: FastifyInstance): Promise<void> {
  return new Promise((resolve) => {
    server.once('error', (error) => {
      // No IPv6 on this machine is fine; somebody else on ::1 is worth knowing.
      if (isCode(error, 'EADDRINUSE')) app.log.warn(`port ${port} of [::1] belongs to another program: use 127.0.0.1, not localhost`)
      resolve()
    })
    server.listen({ host, port, exclusive: true }, resolve)
  })
}

async function explainTaken(host: string, port: number): Promise<string> {
  const address = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  const holder = (await isGroundtrack(address)) ? `a Groundtrack that already runs at ${address}` : 'another program'
  return `Port ${port} is taken by ${holder}. Set GROUNDTRACK_PORT to a free port, for example GROUNDTRACK_PORT=${port + 1}, and GROUNDTRACK_URL for those who send.`
}

async function isGroundtrack(address: string): Promise<boolean> {
  try {
    const answer = await fetch(`${address}/healthz`, { signal: AbortSignal.timeout(1_000), redirect: 'manual' })
    return (await answer.text()).includes('groundtrack')
  } catch {
    return false
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
