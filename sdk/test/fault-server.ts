import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

/** What the server does with a request for a batch. */
export type Fault =
  | 'none'
  | 'cut_before'
  | 'cut_after'
  | 'html'
  | 'redirect'
  | 'wrong_range'
  | 'truncated'
  | 'huge'
  | 'hang'
  | 'overloaded'
  | 'rate_limited'
  | 'unauthorized'
  | 'proxy_400'
  /** Refuses events, but takes a notice. */
  | 'malformed_header'
  /** Refuses whatever comes. */
  | 'bad_sequence'
  /** Takes single events. */
  | 'too_large'
  | 'always_too_large'
  | 'reject_first'

export interface Line extends Record<string, unknown> {
  seq: number
  session?: string
  span?: string
  clock?: number[]
  kind?: string
  message?: string
}

export interface Dropped {
  first: number
  last: number
  reason: string
  count?: number
  hops?: { session: string; span: string; from: number; to: number }[]
}

interface Header {
  producer: string
  epoch: number
  first: number
  last: number
  node: Record<string, unknown>
  dropped?: Dropped[]
}

/** A collector of the test: a real HTTP server with the contract's ledger, which fails in every way that the SDK must survive. */
export class FaultServer {
  url = ''
  /** Faults for the requests that come next; then `fault`. */
  readonly script: Fault[] = []
  fault: Fault = 'none'
  readonly stored: Line[] = []
  readonly dropped: Dropped[] = []
  readonly rejected: number[] = []
  readonly headers: Header[] = []
  readonly problems: string[] = []
  readonly calls: { method: string; url: string; body: string; authorization: string | undefined }[] = []
  /** Bodies as they came, by producer and range. */
  readonly bodies = new Map<string, string[]>()
  requests = 0
  /** What watchers are told. */
  readonly nodes: { id: string; service: string; version: string; environment: string; address: string }[] = []
  watches = 0
  readonly #ledger = new Map<string, string>()
  readonly #server = http.createServer((request, response) => this.#receive(request, response))

  async start(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve))
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    return this
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #receive(request: http.IncomingMessage, response: http.ServerResponse): void {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      const { method = '', url = '' } = request
      if (method === 'GET' && url.startsWith('/v1/nodes?watch=1')) return this.#watch(response)
      if (url !== '/v1/batches') {
        this.calls.push({ method, url, body: body.toString(), authorization: request.headers.authorization })
        return response.end('{}')
      }
      this.requests++
      this.#answer(this.script.shift() ?? this.fault, gunzipSync(body).toString(), response)
    })
  }

  /** The nodes that are registered here; later ones are not told. */
  #watch(response: http.ServerResponse): void {
    this.watches++
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const node of this.nodes) response.write(`event: active\ndata: ${JSON.stringify(node)}\n\n`)
    response.write('event: ready\ndata: {}\n\n')
  }

  #answer(fault: Fault, text: string, response: http.ServerResponse): void {
    const [head = ''] = text.split('\n')
    const header = JSON.parse(head) as Header
    const acknowledgement = { producer: header.producer, epoch: header.epoch, first: header.first, last: header.last }
    const lineCount = text.trimEnd().split('\n').length - 1
    switch (fault) {
      case 'cut_before':
        return void response.destroy()
      case 'hang':
        return
      case 'html':
        return void response.end('<html>Please log in to the WLAN</html>')
      case 'redirect':
        return void response.writeHead(302, { location: `${this.url}/v1/batches` }).end()
      case 'huge':
        return void response.end(`${JSON.stringify(acknowledgement)}${' '.repeat(3_000_000)}`)
      case 'wrong_range':
        return void response.end(JSON.stringify({ ...acknowledgement, last: header.last + 1 }))
      case 'overloaded':
        return this.#refuse(response, 503, 'overloaded')
      case 'rate_limited':
        return void response.writeHead(429, { 'retry-after': '1' }).end('{"error":{"code":"rate_limited"}}')
      case 'unauthorized':
        return this.#refuse(response, 401, 'unauthorized')
      case 'proxy_400':
        return void response.writeHead(400).end('<html>Bad Request</html>')
      case 'malformed_header':
        if (lineCount > 0) return this.#refuse(response, 400, 'malformed_header')
        break
      case 'bad_sequence':
        return this.#refuse(response, 400, 'bad_sequence')
      case 'always_too_large':
        return this.#refuse(response, 413, 'body_too_large')
      case 'too_large':
        if (lineCount > 1) return this.#refuse(response, 413, 'body_too_large')
    }
    const key = `${header.producer}/${header.epoch}/${header.first}-${header.last}`
    const conflict = this.#conflict(key, header, text)
    if (conflict)
      return void response.writeHead(409).end('{"error":{"code":"producer_conflict","newProducer":"0b1c7f6e-1111-4222-8333-444455556666"}}')
    const rejected = this.#store(key, header, text, fault === 'reject_first')
    if (fault === 'cut_after') return void response.destroy()
    const answer = JSON.stringify({ ...acknowledgement, stored: header.last - header.first + 1, duplicate: false, rejected })
    if (fault === 'truncated') return void response.end(answer.slice(0, -20))
    response.end(answer)
  }

  #refuse(response: http.ServerResponse, status: number, code: string): void {
    response.writeHead(status).end(JSON.stringify({ error: { code, message: 'as the test wants', retryable: true } }))
  }

  #conflict(key: string, { producer, epoch, first, last }: Header, text: string): boolean {
    const known = this.#ledger.get(key)
    if (known !== undefined) return known !== text
    const start = `${producer}/${epoch}/`
    return [...this.#ledger.keys()]
      .filter((other) => other.startsWith(start))
      .some((other) => {
        const [from = 0, to = 0] = other.slice(start.length).split('-').map(Number)
        return from <= last && first <= to
      })
  }

  #store(key: string, header: Header, text: string, rejectFirst: boolean): object[] {
    this.bodies.set(key, [...(this.bodies.get(key) ?? []), text])
    if (this.#ledger.has(key)) return []
    this.#ledger.set(key, text)
    this.headers.push(header)
    const lines = text
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => JSON.parse(line) as Line)
    this.#check(header, lines)
    const rejected = rejectFirst ? lines.splice(0, 1) : []
    this.rejected.push(...rejected.map(({ seq }) => seq))
    this.stored.push(...lines)
    this.dropped.push(...(header.dropped ?? []))
    return rejected.map(({ seq }) => ({ line: 2, seq, code: 'malformed_event', message: 'as the test wants' }))
  }

  /** Every number of the range once: by a line, or in a dropped range. */
  #check({ first, last, dropped = [] }: Header, lines: readonly Line[]): void {
    const numbers = lines.map(({ seq }) => seq)
    for (const range of dropped) for (let seq = range.first; seq <= range.last; seq++) numbers.push(seq)
    numbers.sort((a, b) => a - b)
    const exact = numbers.length === last - first + 1 && numbers.every((seq, i) => seq === first + i)
    if (!exact) this.problems.push(`${first}…${last} is covered by ${numbers.join(',')}`)
    if (dropped.reduce((sum, { hops = [] }) => sum + hops.length, 0) > 256) this.problems.push('more than 256 hops are listed')
  }
}
