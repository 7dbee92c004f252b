import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { cleanUp, findPostgres, makeFolder, startProgram, type Program, type ProgramOptions } from './program.js'

const programs: Program[] = []
const folders: string[] = []

afterEach(() => cleanUp(programs, folders))

function makeDataDir(): string {
  const folder = makeFolder()
  folders.push(folder)
  return join(folder, 'data')
}

function start(dataDir: string, options: ProgramOptions = {}): Program {
  const program = startProgram({ ...options, env: { GROUNDTRACK_DATA_DIR: dataDir, ...options.env } })
  programs.push(program)
  return program
}

test('it names its database first, answers on both loopback addresses, and stops everything on SIGTERM', async () => {
  const dataDir = makeDataDir()
  const program = start(dataDir)

  const url = await program.ready()
  const answers = await Promise.all([fetch(`${url}/healthz`), fetch(`${url.replace('127.0.0.1', '[::1]')}/healthz`)])

  expect(program.stdout.split('\n')[0]).toBe(
    `Groundtrack 0.1.0: database groundtrack on 127.0.0.1 (embedded PostgreSQL, files in ${dataDir})`,
  )
  expect(answers.map(({ status }) => status)).toEqual([200, 200])
  expect(await program.kill('SIGTERM')).toBe(0)
  expect(findPostgres(dataDir)).toBeUndefined()
})

test('Ctrl-C in the terminal of npm start stops collector and PostgreSQL in order', async () => {
  const dataDir = makeDataDir()
  const program = start(dataDir, { command: ['npm', 'start'] })
  await program.ready()

  process.kill(-(program.child.pid ?? Number.NaN), 'SIGINT')

  await program.exited()
  expect(program.stdout).toMatch(/stopping\nstopped\n$/)
  expect(findPostgres(dataDir)).toBeUndefined()
})

test('a second start on the same data says where the first one runs', async () => {
  const dataDir = makeDataDir()
  const first = start(dataDir)
  const url = await first.ready()

  const second = start(dataDir)

  expect(await second.exited()).toBe(1)
  expect(second.stderr).toContain(`Groundtrack is already running at ${url} on this data folder (pid ${first.child.pid}).`)
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
})

test('a port that another program holds is named with the variable to set, and PostgreSQL does not stay', async () => {
  const squatter = createServer().listen(0, '127.0.0.1')
  await once(squatter, 'listening')
  const { port } = squatter.address() as AddressInfo
  const dataDir = makeDataDir()

  const program = start(dataDir, { env: { GROUNDTRACK_PORT: String(port) } })

  expect(await program.exited()).toBe(1)
  expect(program.stderr).toContain(`Port ${port} is taken by another program. Set GROUNDTRACK_PORT`)
  expect(findPostgres(dataDir)).toBeUndefined()
  squatter.close()
})

test('a port that another Groundtrack holds is named as such', async () => {
  const url = await start(makeDataDir()).ready()
  const { port } = new URL(url)

  const second = start(makeDataDir(), { env: { GROUNDTRACK_PORT: port } })

  expect(await second.exited()).toBe(1)
  expect(second.stderr).toContain(`Port ${port} is taken by a Groundtrack that already runs at ${url}.`)
})

test('after kill -9 the next start goes on with the PostgreSQL that was left', async () => {
  const dataDir = makeDataDir()
  const first = start(dataDir)
  const url = await first.ready()
  const sent = await fetch(`${url}/v1/events`, { method: 'POST', body: '{"message":"cart emptied","service":"cart"}' })
  const postgres = findPostgres(dataDir)
  await first.kill('SIGKILL')

  const second = start(dataDir)
  const found = await fetch(`${await second.ready()}/api/v1/events?q=emptied`)

  expect(sent.status).toBe(200)
  expect(findPostgres(dataDir)).toBe(postgres)
  expect(await found.json()).toMatchObject({ items: [{ message: 'cart emptied' }] })
})

test('after kill -9 of PostgreSQL the collector has it back within three seconds', async () => {
  const dataDir = makeDataDir()
  const program = start(dataDir)
  const url = await program.ready()
  const postgres = findPostgres(dataDir)
  if (postgres === undefined) throw new Error('PostgreSQL does not run')

  process.kill(postgres, 'SIGKILL')
  const killedAt = performance.now()
  await expect.poll(() => findPostgres(dataDir) ?? postgres, { timeout: 10_000, interval: 20 }).not.toBe(postgres)
  await expect.poll(async () => (await fetch(`${url}/readyz`)).status, { timeout: 10_000, interval: 20 }).toBe(200)

  expect(performance.now() - killedAt).toBeLessThan(3_000)
  expect(await program.kill('SIGTERM')).toBe(0)
})

test('SIGTERM while it still starts leaves nothing running', async () => {
  const dataDir = makeDataDir()
  const program = start(dataDir)
  await expect.poll(() => findPostgres(dataDir), { timeout: 30_000, interval: 5 }).toBeDefined()

  expect(await program.kill('SIGTERM')).toBe(0)
  expect(findPostgres(dataDir)).toBeUndefined()
})
