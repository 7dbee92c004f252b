import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { cleanUp, makeFolder, ROOT, startProgram, type Program } from './program.js'

const execute = promisify(execFile)
const programs: Program[] = []
const folders: string[] = []

afterEach(() => cleanUp(programs, folders))

test('the packed tarball, installed into an empty folder, serves by npx groundtrack with its data where XDG says', async () => {
  const folder = makeFolder()
  folders.push(folder)
  await execute('npm', ['pack', '--pack-destination', folder, '--loglevel=error'], { cwd: ROOT })
  const tarballs = readdirSync(folder)
  await execute(
    'npm',
    ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', join(folder, 'groundtrack-0.1.0.tgz')],
    { cwd: folder },
  )
  const program = startProgram({ command: ['npx', 'groundtrack'], cwd: folder, env: { XDG_DATA_HOME: folder } })
  programs.push(program)

  const url = await program.ready()
  const sent = await fetch(`${url}/v1/events`, { method: 'POST', body: '{"message":"mail sent","service":"mailer"}' })
  const found = await fetch(`${url}/api/v1/events`)
  const page = await fetch(url, { headers: { accept: 'text/html' } })

  expect(tarballs).toEqual(['groundtrack-0.1.0.tgz'])
  expect(program.stdout).toContain(`files in ${folder}/groundtrack)`)
  expect(sent.status).toBe(200)
  expect(await found.json()).toMatchObject({ items: [{ message: 'mail sent' }] })
  expect(await page.text()).toContain('<div id="root">')
  await program.kill('SIGTERM')
  await expect.poll(() => program.stdout, { timeout: 15_000 }).toMatch(/stopped\n$/)
})
