import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { runStep } from './run-step.mjs'

/** What each room is built from, and how. Later ones need earlier ones. */
const ROOMS = {
  sdk: {
    sources: ['src', 'scripts', 'package.json'],
    result: 'dist/esm/index.js',
    steps: [['tsc', '-b', 'sdk', 'sdk/tsconfig.cjs.json'], ['sdk/scripts/mark-commonjs.js']],
  },
  db: { sources: ['src', 'package.json'], result: 'dist/index.js', steps: [['tsc', '-b', 'db']] },
  collector: { sources: ['src', '../db/src', 'package.json'], result: 'dist/main.js', steps: [['tsc', '-b', 'collector']] },
  web: {
    sources: ['src', 'public', 'index.html', 'vite.config.ts', 'package.json', '../collector/src'],
    result: 'dist/index.html',
    steps: [['vite', 'build', 'web']],
  },
  e2e: {
    sources: ['demo', 'tests', 'faults', 'start', 'quickstart', '../sdk/src', 'package.json'],
    result: 'dist/demo/main.js',
    steps: [['tsc', '-b', 'e2e']],
  },
}

const PROGRAMS = { tsc: 'node_modules/typescript/bin/tsc', vite: 'node_modules/vite/bin/vite.js' }

/** Whether the rooms were built from the sources as they are now. */
export function isBuilt(root, rooms) {
  return rooms.every(
    (room) => existsSync(new URL(`${room}/${ROOMS[room].result}`, root)) && readStamp(root, room) === fingerprint(root, room),
  )
}

/** Builds those rooms that are older than their sources. */
export async function build(root, rooms) {
  for (const room of Object.keys(ROOMS).filter((name) => rooms.includes(name) && !isBuilt(root, [name]))) {
    const stamp = fingerprint(root, room)
    const commands = ROOMS[room].steps.map(([program, ...args]) => [PROGRAMS[program] ?? program, ...args])
    await runStep(`building ${room}`, commands, root, { ...process.env, NODE_ENV: 'production' })
    mkdirSync(new URL('.', stampFile(root, room)), { recursive: true })
    writeFileSync(stampFile(root, room), stamp)
  }
}

function stampFile(root, room) {
  return new URL(`node_modules/.groundtrack/built-${room}`, root)
}

function readStamp(root, room) {
  try {
    return readFileSync(stampFile(root, room), 'utf8')
  } catch {
    return undefined
  }
}

/** Changes when a source file is added, removed or written. */
function fingerprint(root, room) {
  const hash = createHash('sha256')
  const base = new URL(`${room}/`, root)
  const common = ['package-lock.json', 'tsconfig.base.json'].map((name) => new URL(name, root))
  for (const file of [...common, ...ROOMS[room].sources.map((name) => new URL(name, base))]) addTo(hash, file)
  for (const name of readdirSync(base).filter((entry) => entry.startsWith('tsconfig'))) addTo(hash, new URL(name, base))
  return hash.digest('hex')
}

function addTo(hash, file) {
  const stat = statSync(file, { throwIfNoEntry: false })
  if (!stat) return
  if (!stat.isDirectory()) return void hash.update(`${file.pathname} ${stat.size} ${stat.mtimeMs}\n`)
  for (const name of readdirSync(file).toSorted()) addTo(hash, new URL(encodeURIComponent(name), `${file.href}/`))
}
