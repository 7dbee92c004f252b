import { chmodSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { prepareBinaries } from './binaries.js'

const NOBODY = { name: 'nobody', uid: 65_534, gid: 65_534 }

let folder: string
let native: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'groundtrack-binaries-'))
  native = join(folder, 'home/native')
  mkdirSync(join(native, 'bin'), { recursive: true })
  mkdirSync(join(native, 'lib'))
  chmodSync(join(folder, 'home'), 0o700)
  writeFileSync(join(native, 'bin/initdb'), '', { mode: 0o700 })
  writeFileSync(join(native, 'pg-symlinks.json'), JSON.stringify([{ source: 'native/lib/pq.so.5', target: 'native/lib/pq.so' }]))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('binaries in a home that the account may not enter are copied, for everybody to run', () => {
  const { initdb } = prepareBinaries(native, join(folder, 'copy'), NOBODY)

  expect(initdb).toBe(join(folder, 'copy/bin/initdb'))
  expect(statSync(initdb).mode & 0o777).toBe(0o755)
  expect(readlinkSync(join(folder, 'copy/lib/pq.so'))).toBe('pq.so.5')
})

test('our own account uses them where they are, however closed the home', () => {
  const { initdb } = prepareBinaries(native, join(folder, 'copy'), undefined)

  expect(initdb).toBe(join(native, 'bin/initdb'))
  expect(readlinkSync(join(native, 'lib/pq.so'))).toBe('pq.so.5')
})
