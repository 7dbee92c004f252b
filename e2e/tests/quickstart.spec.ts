import { spawn, type ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { findFreePorts } from '../demo/free-ports.js'
import { expect, test } from './support/fixtures.js'
import { get, listSessions } from './support/query.js'
import { sessionRows } from './support/sessions-page.js'

interface SessionView {
  session: { outcome: string; complete: boolean; properties: Record<string, unknown>; deadline?: { budgetMs: number } }
  hops: { service: string; path: number[]; remainingMs?: number }[]
}

interface EventPage {
  items: { kind: string; service: string; message: string; clock: number[]; attributes: Record<string, unknown> | null }[]
}

const PROGRAMS = ['gateway.mjs', 'node-hello.mjs']

let programs: ChildProcess[]
let gateway: string

test.beforeAll(async () => {
  const quiet = process.env['GROUNDTRACK_E2E_QUIET'] ?? ''
  const [gatewayPort = 0, helloPort = 0] = await findFreePorts(2)
  gateway = `http://127.0.0.1:${gatewayPort}`
  const start = (file: string, port: number, env: Record<string, string> = {}): ChildProcess =>
    spawn(process.execPath, [pathOf(file)], {
      env: { ...process.env, GROUNDTRACK_URL: quiet, PORT: String(port), ...env },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  programs = [start('gateway.mjs', gatewayPort, { NODE_HELLO: `http://127.0.0.1:${helloPort}` }), start('node-hello.mjs', helloPort)]
  await expect.poll(() => answers(`http://127.0.0.1:${helloPort}/`)).toBe(true)
})

test.afterAll(async () => {
  const gone = programs.map((program) => new Promise((exit) => program.once('exit', exit)))
  for (const program of programs) program.kill('SIGTERM')
  await Promise.all(gone)
})

test('the quickstart makes one session over two services, in causal order', async ({ page, quiet }) => {
  await expect.poll(() => answers(`${gateway}/hello`)).toBe(true)

  await expect.poll(async () => (await listSessions(quiet, 'name:"GET /hello" outcome:ok')).length).toBeGreaterThan(0)
  const [listed] = await listSessions(quiet, 'name:"GET /hello"')
  const read = (): Promise<SessionView> => get<SessionView>(quiet, `/api/v1/sessions/${listed?.id}`)
  // Each of the two programs ships on its own; the second one's lines may arrive a flush later.
  await expect.poll(async () => (await read()).session.complete).toBe(true)
  const { session, hops } = await read()
  expect(session).toMatchObject({ outcome: 'ok', properties: { 'myapp:user_id': 42 } })
  expect(hops.map(({ service }) => service)).toEqual(['gateway', 'node-hello'])
  expect(hops[1]?.remainingMs).toBeGreaterThan(0)
  expect(hops[1]?.remainingMs).toBeLessThanOrEqual(1_000)

  const { items } = await get<EventPage>(quiet, `/api/v1/sessions/${listed?.id}/events?order=cause`)
  const logs = items.filter(({ kind }) => kind === 'log')
  expect(logs.map(({ service, message }) => [service, message])).toEqual([
    ['gateway', 'somebody says hello'],
    ['node-hello', 'answering'],
  ])
  expect(logs[1]?.attributes).toMatchObject({ user: 42 })

  await page.goto(`${quiet}/sessions?q=service:gateway`)
  await sessionRows(page).getByRole('link', { name: 'GET /hello' }).first().click()
  await expect(page.getByText('somebody says hello').first()).toBeVisible()
  await expect(page.getByText('answering').first()).toBeVisible()
})

for (const file of PROGRAMS) {
  test(`the README shows ${file} as it is run here`, async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
    const program = await readFile(pathOf(file), 'utf8')

    expect(program.trimEnd().split('\n').length).toBeLessThanOrEqual(25)
    expect(readme).toContain(program.trimEnd())
  })
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(`../quickstart/${file}`, import.meta.url))
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  )
}
