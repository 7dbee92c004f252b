import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ERRORS, REJECTIONS } from './errors.js'

const page = readFileSync(new URL('../ERRORS.md', import.meta.url), 'utf8')

function rowsOf(section: string): string[][] {
  return [...section.matchAll(/^\| `(\w+)` \|(.+)\|$/gm)].map(([, code = '', cells = '']) => [
    code,
    ...cells.split('|').map((cell) => cell.trim()),
  ])
}

const [requests = '', events = ''] = page.split('## Rejected events')

test('ERRORS.md lists exactly the errors of requests', () => {
  const table = Object.entries(ERRORS).map(([code, { status, retryable, message }]) => [
    code,
    String(status),
    retryable ? 'yes' : 'no',
    message,
  ])

  expect(rowsOf(requests)).toEqual(table)
})

test('ERRORS.md lists exactly the codes of rejected events', () => {
  expect(rowsOf(events)).toEqual(Object.entries(REJECTIONS))
})
