import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeShopFolder } from './shop-folder.js'

let parent: string
let deadPid: number

beforeEach(async () => {
  parent = mkdtempSync(join(tmpdir(), 'groundtrack-folder-'))
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  deadPid = child.pid ?? Number.NaN
  child.kill('SIGKILL')
  await once(child, 'exit')
})

afterEach(() => rmSync(parent, { recursive: true, force: true }))

test('the folder of a demo that was killed is gone after the next start', async () => {
  const leftOver = join(parent, `groundtrack-demo-${deadPid}-Ab12Cd`)
  mkdirSync(leftOver)
  writeFileSync(join(leftOver, '40108.eml.part'), 'To: customer')

  const { root } = await makeShopFolder(parent)

  expect(readdirSync(parent)).toEqual([basename(root)])
})

test('the folder of a demo that runs stays, so two can run at once', async () => {
  const first = await makeShopFolder(parent)
  const second = await makeShopFolder(parent)

  expect(readdirSync(parent).toSorted()).toEqual([basename(first.root), basename(second.root)].toSorted())
})

test('what is not the folder of a demo stays', async () => {
  const others = [`groundtrack-${deadPid}-data`, 'groundtrack-demo-notes', `${deadPid}-demo`]
  for (const name of others) mkdirSync(join(parent, name))
  const link = join(parent, `groundtrack-demo-${deadPid}-link`)
  symlinkSync(join(parent, 'groundtrack-demo-notes'), link)

  await makeShopFolder(parent)

  expect([...others.map((name) => join(parent, name)), link].filter((path) => !existsSync(path))).toEqual([])
})
