import { createSocket } from 'node:dgram'
import type { Session } from '@groundtrack/sdk'

/** Announces parcels by datagram: the carrier sends their number back, unless it lost the datagram. Nothing else would tell. */
export class Carrier {
  readonly #hostname: string
  readonly #port: number
  readonly #waiting = new Map<string, () => void>()
  readonly #socket = createSocket('udp4')

  constructor(address: string) {
    const { hostname, port } = new URL(`udp://${address}`)
    this.#hostname = hostname
    this.#port = Number(port)
    this.#socket.on('message', (parcel) => this.#waiting.get(parcel.toString())?.())
    this.#socket.bind(0, '127.0.0.1')
  }

  /** Resolves with whether the carrier answered within `patienceMs`. The call of the session ends only if it did. */
  async announce(session: Session, parcel: string, patienceMs: number): Promise<boolean> {
    const address = `${this.#hostname}:${this.#port}`
    const call = session.startCall({ name: 'ANNOUNCE', target: { service: 'carrier', address } })
    const answered = await new Promise<boolean>((resolve) => {
      const patience = setTimeout(() => resolve(false), patienceMs)
      this.#waiting.set(parcel, () => {
        clearTimeout(patience)
        resolve(true)
      })
      this.#socket.send(parcel, this.#port, this.#hostname)
    })
    this.#waiting.delete(parcel)
    if (answered) call.finish({ status: 'ok' })
    return answered
  }
}
