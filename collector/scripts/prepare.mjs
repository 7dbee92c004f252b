// Brings a clone to the state in which its programs can run: right Node, packages installed, rooms built. Does only what is needed.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { build, isBuilt } from './build.mjs'
import { install, isInstalled } from './install.mjs'

/** The clone's folder, as a URL. */
export const ROOT = new URL('../../', import.meta.url)

/** `rooms`: of sdk, db, collector, web, e2e; those they need come along. Ends the process when it can't go on, after saying why and what `lastWords` says. */
export async function prepare(rooms, lastWords = '') {
  if (!isNodeNewEnough()) fail(`Node ${process.versions.node} is too old; Node 20.19 or later is needed.`, lastWords)
  if (isInstalled(ROOT) && isBuilt(ROOT, rooms)) return
  const release = await takeTurn()
  try {
    if (!isInstalled(ROOT)) await install(ROOT)
    if (!isBuilt(ROOT, rooms)) await build(ROOT, rooms)
  } catch (error) {
    release()
    fail(error.message, lastWords)
  }
  release()
}

function isNodeNewEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  return major > 20 || (major === 20 && minor >= 19)
}

function fail(reason, lastWords) {
  console.error(`groundtrack: ${reason}`)
  if (lastWords) console.log(lastWords)
  process.exit(1)
}

/** Two starts at once must not install into the same folder: the second waits. Answers what ends the turn. */
async function takeTurn() {
  const folder = new URL('.groundtrack/', ROOT)
  const file = new URL('preparing.pid', folder)
  mkdirSync(folder, { recursive: true })
  for (let told = false; ; await delay(200)) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' })
      return () => rmSync(file, { force: true })
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const holder = readHolder(file)
    if (holder !== undefined && !isAlive(holder)) rmSync(file, { force: true })
    if (!told) console.log(`waiting for process ${holder ?? ''}, which is installing and building`)
    told = true
  }
}

function readHolder(file) {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined
  } catch {
    return undefined
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
