// The world outside the shop, without Groundtrack: two lines of a bank and a mail relay, one short text line for a request and an answer;
// and a carrier that takes datagrams.
import { createSocket } from 'node:dgram'
import { createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { addresses, sayReady } from './shop-env.js'

/** Of each four connections to a bank line, the ones that the bank's broken front end resets. */
const RESETS_OF_FOUR = [
  [true, true, false, true],
  [false, true, false, false],
]
const BANK_DELAY_MS = 60
const RELAY_DELAY_MS = 900
/** The carrier loses every so many datagrams. */
const LOSES_EVERY = 3
const CARD_LIMIT_CENTS = 80_000

for (const [line, address] of addresses.bank.entries()) {
  let connections = 0
  listen(address, (socket) => {
    const broken = RESETS_OF_FOUR[line]?.[connections++ % 4] === true
    answer(socket, BANK_DELAY_MS, (request) => {
      if (broken) return undefined
      const cents = Number(request.split(' ')[2])
      return cents > CARD_LIMIT_CENTS ? 'DECLINED limit of the card exceeded' : `APPROVED ${(cents * 7_919 + connections).toString(36)}`
    })
  })
}
for (const address of addresses.relay) listen(address, (socket) => answer(socket, RELAY_DELAY_MS, () => '250 queued'))
for (const address of addresses.carrier) takeParcels(address)
sayReady()

function listen(address: string, onConnection: (socket: Socket) => void): void {
  const { hostname, port } = new URL(`tcp://${address}`)
  createServer((socket) => {
    socket.on('error', () => socket.destroy())
    onConnection(socket)
  }).listen(Number(port), hostname)
}

/** Answers one line after a while; no answer means a reset connection (RST, not FIN). */
function answer(socket: Socket, delayMs: number, reply: (request: string) => string | undefined): void {
  createInterface({ input: socket }).once('line', (request) => {
    setTimeout(() => {
      const text = reply(request)
      if (text === undefined) socket.resetAndDestroy()
      else socket.end(`${text}\n`)
    }, delayMs)
  })
}

/** Takes the number of a parcel and sends it back; a lost datagram is heard of by nobody. */
function takeParcels(address: string): void {
  const { hostname, port } = new URL(`udp://${address}`)
  const socket = createSocket('udp4')
  let received = 0
  socket.on('message', (parcel, { address: from, port: fromPort }) => {
    if (++received % LOSES_EVERY !== 0) socket.send(parcel, fromPort, from)
  })
  socket.bind(Number(port), hostname)
}
