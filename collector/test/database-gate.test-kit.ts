import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { once } from 'node:events'

export interface DatabaseGate {
  /** Of the same database, through the gate. */
  url: string
  /** Cuts all connections and refuses new ones, until it is opened. */
  shut(): void
  open(): void
  close(): Promise<void>
}

/** Stands between a collector and its database. */
export async function openGate(databaseUrl: string): Promise<DatabaseGate> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let isOpen = true
  const gate = createServer((near) => {
    if (!isOpen) return void near.destroy()
    const far = connect(Number(target.port), target.hostname)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far).pipe(near)
  })
  gate.listen(0, '127.0.0.1')
  await once(gate, 'listening')
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String((gate.address() as AddressInfo).port)
  const cut = () => sockets.forEach((socket) => socket.destroy())
  return {
    url: url.href,
    shut() {
      isOpen = false
      cut()
    },
    open() {
      isOpen = true
    },
    async close() {
      cut()
      gate.close()
      await once(gate, 'close')
    },
  }
}
