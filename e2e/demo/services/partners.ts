// The world outside the shop, without Groundtrack: two lines of a bank and a mail relay, one short text line for a request and an answer;
// and a carrier that takes datagrams.
import { createSocket } from 'node:dgram'
import { rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { addressesOf, folder, sayReady } from './shop-env.js'

/** Where the bank keeps an order goes by its last digit. Behind each line some of these machines are broken: they reset the connection. */
const BROKEN_DIGITS = [[2, 7], [2]]
const BANK_DELAY_MS = 60
const RELAY_DELAY_MS = 900
/** The carrier loses every so many datagrams. */
const LOSES_EVERY = 3
const CARD_LIMIT_CENTS = 80_000

/** Lines of the bank that are down altogether, as the launcher tells. */
let linesDown: readonly number[] = []
process.on('message', (message: { linesDown: number[] }) => (linesDown = message.linesDown))

for (const [line, address] of addressesOf('bank').entries()) {
  listen(address, (socket) =>
    answer(socket, BANK_DELAY_MS, (request) => {
      const [verb, order, detail] = request.split(' ')
      if (linesDown.includes(line) || BROKEN_DIGITS[line]?.includes(Number(order) % 10)) return undefined
      if (verb === 'CAPTURE') return 'CAPTURED'
      const cents = Number(detail)
      return cents > CARD_LIMIT_CENTS ? 'DECLINED limit of the card exceeded' : `APPROVED ${(cents * 7_919 + Number(order)).toString(36)}`
    }),
  )
}
for (const address of addressesOf('relay')) listen(address, (socket) => answer(socket, RELAY_DELAY_MS, () => '250 queued'))
for (const address of addressesOf('carrier')) takeParcels(address)
sayReady()

// When the launcher was killed, nobody else is left to tidy up. What the others still write there fails, and is no longer wanted.
process.once('SIGTERM', () => {
  if (!process.connected) rmSync(folder.root, { recursive: true, force: true, maxRetries: 5 })
  process.exit()
})

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
