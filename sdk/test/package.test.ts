import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import packageJson from '../package.json' with { type: 'json' }
import { VERSION } from '../src/version.js'

const ROOM = fileURLToPath(new URL('..', import.meta.url))
const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.resolve('typescript/package.json')))).replace(/node_modules$/, '')

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'groundtrack sdk '))
  run('npm', ['run', 'build'], ROOM)
  run('npm', ['pack', '--pack-destination', folder], ROOM)
  const target = path.join(folder, 'node_modules/@groundtrack/sdk')
  mkdirSync(target, { recursive: true })
  const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
  run('tar', ['-xzf', path.join(folder, tarball), '-C', target, '--strip-components=1'], folder)
  write('package.json', JSON.stringify({ name: 'shop', version: '3.1.4', type: 'module' }))
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: 'pipe' })
}

function write(name: string, text: string): void {
  writeFileSync(path.join(folder, name), text)
}

const CONSUMER = `
import { BreakerOpenError, groundtrack, NoNodeError, type ResolvedNode, type Session } from '@groundtrack/sdk'
import { reportCockatiel } from '@groundtrack/sdk/cockatiel'
import { reportOpossum } from '@groundtrack/sdk/opossum'
import { expressSessions, expressErrors } from '@groundtrack/sdk/express'
import { tracedFetch } from '@groundtrack/sdk/fetch'
import { pinoDestination } from '@groundtrack/sdk/pino'

const gt = groundtrack({ service: 'cart', version: '1.0' })
const session: Session = gt.join(new Headers({ traceparent: 'x' }))
const position: { session: string; clock: number[] } = session.info('cart', 'item added', { sku: 'A-17' })
const left: number | undefined = session.remaining()
const headers: Record<string, string> = session.inject({ to: 'http://127.0.0.1' })
const answer: Promise<Response> = tracedFetch(gt)('http://127.0.0.1', { method: 'POST' })
const called: Promise<Response> = session.call('cart', '1.0', (node, call) => fetch(node.address, { headers: call.headers, signal: call.signal }))
const counted: Promise<number> = session.call('cart', '1.0', async (node: ResolvedNode) => node.address.length, { timeoutMs: 100 })
const code: 'no_node' | 'breaker_open' = Math.random() < 0.5 ? ({} as NoNodeError).code : ({} as BreakerOpenError).code
gt.register('stock', '1.0', 'http://10.0.0.3:8081')
const current: Session | undefined = gt.current()
pinoDestination(gt, process.stdout).write('{}')
export { answer, called, code, counted, current, reportCockatiel, reportOpossum, expressErrors, expressSessions, headers, left, position }
// @ts-expect-error: there is no such level
groundtrack({ level: 'loud' })
// @ts-expect-error: there is no such balancing
groundtrack({ balancing: 'random' })
`

test('its types resolve for ESM and for CommonJS consumers, in every module mode of Node and in bundlers', () => {
  for (const name of ['esm.mts', 'commonjs.cts']) write(name, CONSUMER)
  mkdirSync(path.join(folder, 'node_modules/@types'), { recursive: true })
  for (const types of ['@types/node', 'undici-types'])
    symlinkSync(path.join(ROOT, 'node_modules', types), path.join(folder, 'node_modules', types))
  const tsc = path.join(ROOT, 'node_modules/typescript/bin/tsc')
  const strict = ['--noEmit', '--strict', '--target', 'es2022', '--types', 'node']

  for (const [module, resolution, files] of [
    ['nodenext', 'nodenext', ['esm.mts', 'commonjs.cts']],
    ['node16', 'node16', ['esm.mts', 'commonjs.cts']],
    ['esnext', 'bundler', ['esm.mts']],
  ] as const) {
    const { status, stdout } = spawnSync(
      process.execPath,
      [tsc, ...strict, '--module', module, '--moduleResolution', resolution, ...files],
      { cwd: folder, encoding: 'utf8' },
    )
    expect(stdout).toBe('')
    expect(status).toBe(0)
  }
})

test('loaded by import and by require it is one: one current session, one set of listeners, the name of the host package', () => {
  write(
    'both.mjs',
    `import { createRequire } from 'node:module'
     import { groundtrack } from '@groundtrack/sdk'
     import { tracedFetch } from '@groundtrack/sdk/fetch'
     const require = createRequire(import.meta.url)
     const other = require('@groundtrack/sdk')
     for (const name of ['cockatiel', 'express', 'fetch', 'opossum', 'pino']) {
       const [imported, required] = [await import('@groundtrack/sdk/' + name), require('@groundtrack/sdk/' + name)]
       if (Object.keys(imported).some((key) => typeof required[key] !== 'function')) throw new Error(name)
     }
     const before = process.listenerCount('exit')
     const [one, two] = [groundtrack({ url: 'http://127.0.0.1:1' }), other.groundtrack({ url: 'http://127.0.0.1:1' })]
     const session = two.session()
     const seen = session.run(() => one.current() === session && two.current() === session)
     const listeners = process.listenerCount('exit') - before
     console.log(JSON.stringify({ different: groundtrack !== other.groundtrack, seen, listeners, fetch: typeof tracedFetch(one) }))
     process.exit()`,
  )

  const answer: unknown = JSON.parse(run(process.execPath, ['both.mjs'], folder))

  expect(answer).toEqual({ different: true, seen: true, listeners: 1, fetch: 'function' })
})

test('holds what runs and nothing else, and needs no other package', () => {
  const files = readdirSync(path.join(folder, 'node_modules/@groundtrack/sdk'), { recursive: true, encoding: 'utf8' })

  expect(files.filter((name) => /test|bench|tsbuildinfo|\.ts$/.test(name) && !name.endsWith('.d.ts'))).toEqual([])
  expect(files).toEqual(
    expect.arrayContaining(['README.md', 'package.json', 'dist/cjs/package.json', 'dist/esm/index.js', 'dist/cjs/index.d.ts']),
  )
  expect(packageJson).not.toHaveProperty('dependencies')
  expect(VERSION).toBe(packageJson.version)
})
