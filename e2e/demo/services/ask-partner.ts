import { connect } from 'node:net'

/** Sends one line to a partner and resolves with the line that it answers. Rejects with the socket's own error. */
export function askPartner(address: string, request: string): Promise<string> {
  const { hostname, port } = new URL(`tcp://${address}`)
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(Number(port), hostname, () => socket.write(`${request}\n`))
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => (answer += text))
    socket.on('error', reject)
    socket.on('end', () => resolve(answer.trim()))
  })
}
