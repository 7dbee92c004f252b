import { appendFileSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { boundLog } from './bound-log.js'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'groundtrack-log-'))
  file = join(folder, 'postgres.log')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a log that grew too large becomes the older part, and its writer goes on in an empty one', () => {
  const writer = openSync(file, 'a')
  writeSync(writer, 'twelve bytes')

  boundLog(file, 11)
  writeSync(writer, 'new')

  closeSync(writer)
  expect([readFileSync(file, 'utf8'), readFileSync(`${file}.old`, 'utf8')]).toEqual(['new', 'twelve bytes'])
})

test('a small or absent log is left alone', () => {
  boundLog(file, 11)
  appendFileSync(file, 'small')
  boundLog(file, 11)

  expect(readFileSync(file, 'utf8')).toBe('small')
})
