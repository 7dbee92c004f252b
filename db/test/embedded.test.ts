import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  lstatSync,
  realpathSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { findPostmaster } from '../src/embedded/postmaster.js'
import { startEmbedded, type EmbeddedPostgres } from '../src/embedded/supervisor.js'
import { openDatabase } from '../src/pool.js'

let template: string
let home: string
let dataDir: string
const running: EmbeddedPostgres[] = []
const children: ChildProcess[] = []
const linked: string[] = []

// Making a cluster takes a second or more: tests that only need one copy this.
beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), 'groundtrack-template-'))
  chmodSync(template, 0o755)
  const embedded = await startEmbedded({ dataDir: template, ...quiet })
  await embedded.stop()
})

afterAll(() => {
  rmSync(template, { recursive: true, force: true })
})

function copyCluster(): void {
  mkdirSync(dataDir, { mode: 0o755 })
  execFileSync('cp', ['-a', join(template, 'postgres'), folder()])
}

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'groundtrack embedded '))
  chmodSync(home, 0o755) // started as root, PostgreSQL runs as another account, which has to reach the folder
  dataDir = join(home, 'data dir')
})

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const embedded of running.splice(0)) await embedded.stop()
  await killServer() // what a killed process left
  for (const folder of [home, ...linked.splice(0)]) rmSync(folder, { recursive: true, force: true })
})

const quiet = { log: () => {} }

async function start(): Promise<EmbeddedPostgres> {
  const embedded = await startEmbedded({ dataDir, ...quiet })
  running.push(embedded)
  return embedded
}

/** A process of its own that starts PostgreSQL on the same folder, prints its URL, and waits. */
async function startInAnotherProcess(): Promise<{ child: ChildProcess; line: string }> {
  const script = `
    import { startEmbedded } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)}
    try {
      const embedded = await startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, log: () => {} })
      await embedded.announce('http://127.0.0.1:43199')
      console.log(embedded.url)
      setInterval(() => {}, 1000)
    } catch (error) {
      console.log(error.message)
    }`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, line: chunk.toString().trim() }
}

async function killOutright(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

function folder(): string {
  return join(dataDir, 'postgres')
}

async function query(url: string, text: string): Promise<unknown> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows[0]
  } finally {
    await client.end()
  }
}

test('a fresh folder, with a space in its path, becomes a durable server that only its password opens', async () => {
  const { url } = await start()

  expect(
    await query(
      url,
      "select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit, current_setting('server_encoding') as encoding",
    ),
  ).toEqual({
    fsync: 'on',
    commit: 'on',
    encoding: 'UTF8',
  })
  expect(Number(new URL(url).port)).toBeLessThan(32_768)
  expect(
    await query(url, "select current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets"),
  ).toEqual({ addresses: '127.0.0.1', sockets: '' })
  expect(statSync(join(folder(), 'password')).mode & 0o777).toBe(0o600)
  const stranger = new URL(url)
  stranger.password = 'guessed'
  await expect(query(stranger.href, 'select 1')).rejects.toMatchObject({ code: '28P01' })
})

test('a second start uses the same data and port', async () => {
  copyCluster()
  const first = await start()
  await query(first.url, 'create table kept (id int)')
  await first.stop()

  const second = await start()

  expect(second.url).toBe(first.url)
  expect(await query(second.url, 'select count(*)::int as n from kept')).toEqual({ n: 0 })
})

test('another port is taken when somebody listens on the remembered one', async () => {
  copyCluster()
  const first = await start()
  await first.stop()
  const squatter = createServer().listen(Number(new URL(first.url).port), '127.0.0.1')
  await once(squatter, 'listening')

  const second = await start()

  expect(new URL(second.url).port).not.toBe(new URL(first.url).port)
  squatter.close()
})

test('a server left over by a killed process is taken on', async () => {
  copyCluster()
  const { child, line } = await startInAnotherProcess()
  const left = findPostmaster({ folder: folder() })
  await killOutright(child)

  const { url } = await start()

  expect(url).toBe(line)
  expect(findPostmaster({ folder: folder() })).toEqual(left)
})

test('a server that the remembered password does not open is stopped, and the start says why', async () => {
  copyCluster()
  const { child } = await startInAnotherProcess()
  const left = findPostmaster({ folder: folder() })
  await killOutright(child)
  writeFileSync(join(folder(), 'password'), 'other\n')

  await expect(start()).rejects.toThrow(`The password in ${folder()}/password does not open the PostgreSQL`)

  expect(left).toBeDefined()
  expect(findPostmaster({ folder: folder() })).toBeUndefined()
})

test('in a folder that the account of PostgreSQL may not enter, root gets a link to one that it may', async () => {
  chmodSync(home, 0o700)

  const { url } = await start()

  expect(await query(url, 'select 1 as one')).toEqual({ one: 1 })
  expect(lstatSync(folder()).isSymbolicLink()).toBe(process.getuid?.() === 0)
  if (process.getuid?.() === 0) linked.push(dirname(realpathSync(folder())))
})

test('a second collector on the same folder is told who runs already', async () => {
  copyCluster()
  const { child } = await startInAnotherProcess()

  await expect(start()).rejects.toThrow(`Groundtrack is already running at http://127.0.0.1:43199 on this data folder (pid ${child.pid}).`)
})

test('of two first starts at once one wins and the other is told so', async () => {
  const [one, two] = await Promise.all([startInAnotherProcess(), startInAnotherProcess()])

  const lines = [one.line, two.line].toSorted()

  expect(lines[0]).toMatch(/^Groundtrack is already running/)
  expect(lines[1]).toMatch(/^postgres:\/\//)
  expect(readdirSync(dataDir).filter((name) => name.startsWith('postgres'))).toEqual(['postgres'])
})

test('a killed server is back within three seconds, and the pools find it', async () => {
  copyCluster()
  const { url } = await start()
  const db = openDatabase({ url })
  await db.owner.query('create table public.kept as select 1 as id')
  const killed = findPostmaster({ folder: folder() })
  if (!killed) throw new Error('PostgreSQL does not run')

  process.kill(killed.pid, 'SIGKILL')

  const killedAt = performance.now()
  await expect.poll(() => findPostmaster({ folder: folder() })?.pid ?? killed.pid, { timeout: 5_000, interval: 20 }).not.toBe(killed.pid)
  await expect
    .poll(() => db.owner.query('select id from public.kept').then(({ rows }) => rows as unknown, String), { timeout: 5_000, interval: 20 })
    .toEqual([{ id: 1 }])
  expect(performance.now() - killedAt).toBeLessThan(3_000)
  await db.close()
})

test('a cluster that was only half made is made anew', async () => {
  const leftover = join(dataDir, 'postgres.999999999-abcd')
  mkdirSync(join(leftover, 'data'), { recursive: true })
  writeFileSync(join(leftover, 'data', 'PG_VERSION'), '18\n')

  await start()

  expect(existsSync(leftover)).toBe(false)
})

test('a postmaster.pid that names a process of somebody else does not stop the start', async () => {
  copyCluster()
  const first = await start()
  await first.stop()
  const file = join(folder(), 'data', 'postmaster.pid')
  writeFileSync(file, `${process.pid}\n${join(folder(), 'data')}\n0\n${new URL(first.url).port}\n\n127.0.0.1\n`)

  await start()

  expect(readFileSync(file, 'utf8').split('\n')[0]).not.toBe(String(process.pid))
})

async function killServer(): Promise<void> {
  const postmaster = findPostmaster({ folder: folder() })
  if (!postmaster) return
  process.kill(postmaster.pid, 'SIGQUIT')
  await expect.poll(() => findPostmaster({ folder: folder() }), { timeout: 10_000 }).toBeUndefined()
}
