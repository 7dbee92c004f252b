import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { cleanUp, makeFolder, ROOT, startProgram, type Program } from './program.js'

const MAIN = `'${process.execPath}' '${join(ROOT, 'collector/dist/main.js')}'`
const SESSION = '0193aaaa00001111222233334444abcd'
const ESCAPED = String.raw`card\x1b[31m declined\nfor \u202eever`

let collector: Program
let url: string
const folders: string[] = []
const programs: Program[] = []

beforeAll(async () => {
  const folder = makeFolder()
  folders.push(folder)
  collector = startProgram({ env: { GROUNDTRACK_DATA_DIR: join(folder, 'data') } })
  url = await collector.ready()
  await say({ message: 'listening' })
  await say({
    session: SESSION,
    service: 'payments',
    level: 'error',
    message: 'card\u001b[31m declined\nfor \u202eever',
    attributes: { order: 17 },
  })
})
afterEach(() => cleanUp(programs, []))
afterAll(() => cleanUp([collector], folders))

async function say(event: Record<string, unknown>): Promise<void> {
  const answer = await fetch(`${url}/v1/events`, { method: 'POST', body: JSON.stringify(event) })
  expect(answer.status).toBe(200)
}

/** A command as typed, in a shell of its own. */
function type(command: string, env: Record<string, string> = {}): Program {
  const program = startProgram({
    command: ['bash', '-c', command.replaceAll('groundtrack ', `${MAIN} `)],
    env: { GROUNDTRACK_URL: url, ...env },
  })
  programs.push(program)
  return program
}

/** The same at a terminal: a pty of util-linux' script. */
function typeAtTerminal(command: string, env: Record<string, string> = {}): Program {
  const inner = command.replaceAll('groundtrack ', `${MAIN} `)
  return type(`script -qec "$COMMAND" /dev/null`, { COMMAND: inner, TERM: 'xterm-256color', ...env })
}

test('tail tells what comes, harmless and without colour in a pipe', async () => {
  const tail = type('groundtrack tail -q level:error --since 1h')
  await expect.poll(() => tail.stdout).toContain(ESCAPED)
  await say({ level: 'error', message: 'no answer from the bank', service: 'payments' })
  await say({ level: 'info', message: 'all is well' })
  await expect.poll(() => tail.stdout).toContain('no answer from the bank')

  process.kill(-(tail.child.pid ?? Number.NaN), 'SIGINT')

  await tail.exited()
  expect(tail.stdout.trim().split('\n')).toHaveLength(2)
  expect(tail.stdout).toMatch(/^\d\d:\d\d:\d\d\.\d{3} ERROR payments \S+ card/)
  expect(tail.stdout).not.toContain('\u001b')
  expect(tail.stderr).toBe('')
})

test('at a terminal there is colour, and none with NO_COLOR', async () => {
  const coloured = typeAtTerminal(`groundtrack session ${SESSION}`)
  const plain = typeAtTerminal(`groundtrack session ${SESSION}`, { NO_COLOR: '1' })

  expect(await coloured.exited()).toBe(0)
  await plain.exited()
  expect(coloured.stdout).toContain('\u001b[31m')
  expect(coloured.stdout).not.toContain('\u001b[31m declined')
  expect(plain.stdout).toContain(ESCAPED)
  expect(plain.stdout).not.toContain('\u001b')
})

test('tail survives a collector that is restarted, and tells what came meanwhile once', async () => {
  const folder = makeFolder()
  folders.push(folder)
  const env = { GROUNDTRACK_DATA_DIR: join(folder, 'data') }
  const first = startProgram({ env })
  programs.push(first)
  const address = await first.ready()
  const tell = (message: string) => fetch(`${address}/v1/events`, { method: 'POST', body: JSON.stringify({ message }) })
  const tail = type(`groundtrack tail --json --url ${address}`)
  for (let i = 0; !tail.stdout.includes('before'); i++) {
    // The tail starts at a moment that nobody tells: whatever comes after it is told.
    await tell(`before ${i}`)
    await vi.waitUntil(() => tail.stdout.includes('before'), { timeout: 1_000 }).catch(() => {})
  }

  await first.kill('SIGKILL')
  const second = startProgram({ env: { ...env, GROUNDTRACK_PORT: new URL(address).port } })
  programs.push(second)
  await second.ready()
  await tell('after')

  await expect.poll(() => tail.stdout, { timeout: 30_000 }).toContain('after')
  const messages = tail.stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { message: string }).message)
  expect(new Set(messages).size).toBe(messages.length)
  expect(messages.at(-1)).toBe('after')
})

test('a reader at the end of the pipe that has seen enough ends it without a word', async () => {
  const head = type('groundtrack tail --since 1h | head -n 1; echo "${PIPESTATUS[0]}"')
  await expect.poll(() => head.stdout).toContain('listening')

  await say({ message: 'nobody reads this' })

  await head.exited()
  expect(head.stdout).toMatch(/listening\n0\n$/)
  expect(head.stderr).toBe('')
})

test.each([
  ['groundtrack session 0193aaaa00001111222233334444abce', 1, 'groundtrack: '],
  ['groundtrack search "level:error AND"', 2, 'level:error AND\n'],
  ['groundtrack search', 2, 'search needs a query'],
  ['groundtrack tail yesterday', 2, 'is no session id'],
  ['groundtrack nodes --url http://127.0.0.1:9', 1, 'is it running?'],
  ['groundtrack doctor --url nowhere', 2, '--url must be'],
])('%s ends with %i and says why', async (command, code, words) => {
  const program = type(command)

  expect(await program.exited()).toBe(code)
  expect(program.stderr).toContain(words)
  expect(program.stdout).toBe('')
})

test('doctor looks at collector, database and disk; search finds; completion is what the shell understands', async () => {
  const doctor = type('groundtrack doctor', { GROUNDTRACK_DATABASE_URL: process.env['GROUNDTRACK_TEST_POSTGRES_URL'] ?? '' })
  const search = type('groundtrack search service:payments --json')
  const completion = type('eval "$(groundtrack completion bash)"; COMP_WORDS=(g se); COMP_CWORD=1; _groundtrack; echo "${COMPREPLY[@]}"')

  await doctor.exited()
  expect(doctor.stdout).toMatch(/✓ collector 0\.1\.0 at \S+ is ready\n.*PostgreSQL \d+/s)
  expect(doctor.stdout).toContain('groundtrack migrate applies them')
  expect(await search.exited()).toBe(0)
  expect(search.stdout).toContain('"session":"0193aaaa00001111222233334444abcd"')
  await completion.exited()
  expect(completion.stdout).toBe('serve session search\n')
})
