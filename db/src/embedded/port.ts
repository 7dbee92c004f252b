import { createServer } from 'node:net'

// Below 32768: outside the range from which the system takes ports for outgoing connections.
const LOWEST = 20_000
const HIGHEST = 32_000

/** A TCP port of 127.0.0.1 that nobody listens on now. `random` gives 0 ≤ x < 1. */
export async function findFreePort(random: () => number = Math.random): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = LOWEST + Math.floor(random() * (HIGHEST - LOWEST))
    if (await isFree(port)) return port
  }
  throw new Error(`No free TCP port between ${LOWEST} and ${HIGHEST} on 127.0.0.1.`)
}

/** Whether one could listen on this port of 127.0.0.1. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })
}
