import { createServer, type Server } from 'node:net'

/** Below the range from which systems take the local ports of outgoing connections: nobody takes one of these while its owner restarts. */
const FIRST_PORT = 20_000
const LAST_PORT = 32_000
const ATTEMPTS = 500

/** Ports of 127.0.0.1 that nobody listens on. All are held at once while they are picked, so that none is handed out twice. */
export async function findFreePorts(count: number): Promise<number[]> {
  const held = new Map<number, Server>()
  for (let attempt = 0; held.size < count; attempt++) {
    if (attempt === ATTEMPTS) throw new Error(`Found no ${count} free ports between ${FIRST_PORT} and ${LAST_PORT}.`)
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT))
    const server = await listen(port)
    if (server) held.set(port, server)
  }
  await Promise.all([...held.values()].map((server) => new Promise((closed) => server.close(closed))))
  return [...held.keys()]
}

function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}
