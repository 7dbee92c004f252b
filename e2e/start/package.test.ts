import { execFile } from 'node:child_process'
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { cleanUp, makeFolder, ROOT, startProgram, type Program, type ProgramOptions } from './program.js'

const NOBODY = 65_534

const execute = promisify(execFile)
const programs: Program[] = []
const folders: string[] = []
// Holds the tarball and its installation; unlike the clone, which may lie in a closed home, any user may enter it.
let installation: string

beforeAll(async () => {
  installation = makeFolder()
  await execute('npm', ['pack', '--pack-destination', installation, '--loglevel=error'], { cwd: ROOT })
  expect(readdirSync(installation)).toEqual(['groundtrack-0.1.0.tgz'])
  await execute(
    'npm',
    ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', join(installation, 'groundtrack-0.1.0.tgz')],
    { cwd: installation },
  )
})

afterEach(() => cleanUp(programs, folders))
afterAll(() => rmSync(installation, { recursive: true, force: true }))

function start(options: ProgramOptions): Program {
  const program = startProgram({ ...options, cwd: installation })
  programs.push(program)
  return program
}

function makeHome(uid?: number): string {
  const home = makeFolder(uid)
  folders.push(home)
  return home
}

test('the packed tarball, installed into an empty folder, serves by npx groundtrack with its data where XDG says', async () => {
  const home = makeHome()
  const program = start({ command: ['npx', 'groundtrack'], env: { XDG_DATA_HOME: home } })

  const url = await program.ready()
  const sent = await fetch(`${url}/v1/events`, { method: 'POST', body: '{"message":"mail sent","service":"mailer"}' })
  const found = await fetch(`${url}/api/v1/events`)
  const page = await fetch(url, { headers: { accept: 'text/html' } })

  expect(program.stdout).toContain(`files in ${home}/groundtrack)`)
  expect(sent.status).toBe(200)
  expect(await found.json()).toMatchObject({ items: [{ message: 'mail sent' }] })
  expect(await page.text()).toContain('<div id="root">')
  await program.kill('SIGTERM')
  await expect.poll(() => program.stdout, { timeout: 15_000 }).toMatch(/stopped\n$/)
})

test('an ordinary user can run it in a folder with a space in its path', async () => {
  const uid = process.getuid?.() === 0 ? NOBODY : undefined
  const home = makeHome(uid)
  const program = start({
    command: [process.execPath, join(installation, 'node_modules/.bin/groundtrack')],
    env: { HOME: home, GROUNDTRACK_DATA_DIR: join(home, 'data') },
    ...(uid !== undefined && { uid }),
  })

  const url = await program.ready()

  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  expect(statSync(join(home, 'data/postgres')).uid).toBe(uid ?? process.getuid?.())
  expect(await program.kill('SIGINT')).toBe(0)
})
