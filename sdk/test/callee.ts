import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Groundtrack } from '../src/groundtrack.js'
import type { StaticNode } from '../src/discovery/static-nodes.js'

/** A service that joins what calls it: a real HTTP server that answers as it is told. */
export class Callee {
  /** Answers with this status; 0: never; below 0: cuts the connection. */
  status = 200
  requests = 0
  readonly baggage: (string | undefined)[] = []
  gt: Groundtrack | undefined
  #port = 0
  readonly #server = http.createServer((request, response) => {
    this.requests++
    this.baggage.push(request.headers['baggage']?.toString())
    const session = this.gt?.join(request)
    if (session?.clockHeader !== undefined) response.setHeader('gt-clock', session.clockHeader)
    if (this.status < 0) request.socket.destroy()
    else if (this.status > 0) response.writeHead(this.status).end('answer')
    session?.close()
  })

  get address(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** As an option `nodes` names it. */
  as(service: string, version = '1.0'): StaticNode {
    return { service, version, address: this.address }
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.#port = (this.#server.address() as AddressInfo).port
    return this
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
