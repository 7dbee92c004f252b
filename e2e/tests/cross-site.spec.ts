import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'
import { newSession, newSpan } from './support/batch.js'
import { chromiumOptions } from './support/chromium.js'
import { expect, test } from './support/fixtures.js'
import { searchMessages } from './support/query.js'

// Both names lead to this machine, as a hostile site's do after DNS rebinding; the browser holds them for strangers.
test.use({ launchOptions: chromiumOptions('--host-resolver-rules=MAP *.example 127.0.0.1') })

const READ = [
  '/',
  '/sessions',
  '/api/v1/sessions',
  '/api/v1/events',
  '/api/v1/fields',
  '/api/v1/services',
  '/readyz',
  '/metrics',
  '/openapi.json',
]

let stranger: Server
let strangerUrl: string

test.beforeAll(async () => {
  stranger = createServer((_request, response) =>
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>stranger</title>'),
  )
  await new Promise<void>((listening) => stranger.listen(0, '127.0.0.1', listening))
  strangerUrl = `http://stranger.example:${(stranger.address() as AddressInfo).port}/`
})

test.afterAll(async () => {
  stranger.closeAllConnections()
  await new Promise((closed) => stranger.close(closed))
})

test('a page of another site can read nothing', async ({ page, quiet }) => {
  const statuses = collectStatuses(page, quiet)
  await page.goto(strangerUrl)

  const read = await page.evaluate(
    async ({ collector, paths }) => {
      const texts: string[] = []
      for (const path of paths) {
        for (const mode of ['cors', 'no-cors'] as const) {
          const text = await fetch(collector + path, { mode })
            .then((response) => response.text())
            .catch(() => '')
          if (text !== '') texts.push(`${mode} ${path}`)
        }
      }
      return texts
    },
    { collector: quiet, paths: READ },
  )

  expect(read).toEqual([])
  // Answers to requests that CORS lets fail do not show in the browser: those seen are of the others.
  expect(statuses.length).toBeGreaterThanOrEqual(READ.length)
  expect(new Set(statuses)).toEqual(new Set([403]))
})

test('a page of another site can write nothing', async ({ page, quiet }) => {
  const mark = `forged-${randomUUID()}`
  const statuses = collectStatuses(page, quiet)
  await page.goto(strangerUrl)

  await page.evaluate(
    async ({ collector, batch, line, node }) => {
      const simple = { method: 'POST', mode: 'no-cors' as const }
      await fetch(`${collector}/v1/events`, { ...simple, body: line }).catch(() => {})
      await fetch(`${collector}/v1/batches`, { ...simple, body: batch }).catch(() => {})
      await fetch(`${collector}/v1/events`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: line }).catch(() => {})
      await fetch(`${collector}/v1/nodes/${node}`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{}' }).catch(
        () => {},
      )
      await fetch(`${collector}/v1/nodes/${node}`, { method: 'DELETE' }).catch(() => {})
      navigator.sendBeacon(`${collector}/v1/events`, line)
      const frame = document.createElement('iframe')
      frame.name = 'sink'
      const form = document.createElement('form')
      Object.assign(form, { method: 'post', action: `${collector}/v1/events`, enctype: 'text/plain', target: 'sink' })
      const field = document.createElement('input')
      Object.assign(field, { name: line, value: '' })
      form.append(field)
      document.body.append(frame, form)
      const loaded = new Promise((load) => (frame.onload = load))
      form.submit()
      await loaded
    },
    { collector: quiet, line: JSON.stringify({ message: mark }), batch: batchOf(mark), node: randomUUID() },
  )

  await expect.poll(() => statuses.length).toBeGreaterThanOrEqual(4)
  expect(new Set(statuses)).toEqual(new Set([403]))
  expect(await searchMessages(quiet, mark)).toEqual([])
})

test('a page of another site can open no WebSocket and no stream', async ({ page, quiet }) => {
  await page.goto(strangerUrl)

  const opened = await page.evaluate(async (collector) => {
    const socket = new WebSocket(`${collector.replace('http', 'ws')}/rtp`)
    const stream = new EventSource(`${collector}/api/v1/tail`)
    return Promise.all(
      [socket, stream].map(
        (each) => new Promise((settled) => ((each.onopen = () => settled('open')), (each.onerror = () => settled('refused')))),
      ),
    )
  }, quiet)

  expect(opened).toEqual(['refused', 'refused'])
})

test('a name that was rebound to this machine reaches nothing', async ({ page, quiet }) => {
  const rebound = `http://rebound.example:${new URL(quiet).port}`

  const page1 = await page.goto(`${rebound}/sessions`)
  const api = await page.goto(`${rebound}/api/v1/sessions`)

  expect(page1?.status()).toBe(421)
  expect(api?.status()).toBe(421)
  expect(await api?.json()).toMatchObject({ error: { code: 'bad_host' } })
})

test('no other site can put the viewer into a frame', async ({ page, quiet }) => {
  await page.goto(strangerUrl)

  await page.evaluate((collector) => {
    const frame = document.createElement('iframe')
    frame.src = `${collector}/sessions`
    document.body.append(frame)
    return new Promise((load) => (frame.onload = load))
  }, quiet)

  await expect(page.frameLocator('iframe').getByRole('main')).toHaveCount(0)
})

function collectStatuses(page: Page, collector: string): number[] {
  const statuses: number[] = []
  page.on('response', (response) => {
    if (response.url().startsWith(collector)) statuses.push(response.status())
  })
  return statuses
}

function batchOf(message: string): string {
  const header = {
    v: 1,
    producer: randomUUID(),
    epoch: 1,
    first: 0,
    last: 0,
    sent: Date.now(),
    node: { id: randomUUID(), service: 'cart', version: '1.0', environment: 'sandbox' },
  }
  const event = { seq: 0, session: newSession(), span: newSpan(), clock: [1], time: Date.now(), message }
  return `${JSON.stringify(header)}\n${JSON.stringify(event)}\n`
}
