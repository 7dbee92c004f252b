// 1,000 nodes that beat every 10 s, and two pages in a real Chromium: how long until the board and the map show what happened – a node
// comes, it leaves, a breaker opens, it closes – from the moment before the request that tells it. Against the same with 20 nodes in the
// same run: `npm run bench -- nodes`. GROUNDTRACK_CHROMIUM names the browser.
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { chromium, type Page } from '@playwright/test'
import { Fleet } from './fleet.js'
import { startCollector } from './running-collector.js'

const SMALL = 20
const LARGE = 1_000
const SERVICES = 20
const ROUNDS = 20
/** Pages ask again in their own rhythm: what happens must not happen in step with it. */
const REST_MS = 1_000
const REACH_MS = 1_000
const SHOWN_WITHIN_MS = 20_000

type Change = 'a node came' | 'a node left' | 'a breaker opened' | 'a breaker closed' | 'opened, on the map' | 'closed, on the map'
type Lags = Record<Change, number[]>

const collector = await startCollector()
const named = process.env['GROUNDTRACK_CHROMIUM'] ?? [chromium.executablePath(), '/usr/bin/chromium'].find((path) => existsSync(path))
const browser = await chromium.launch({
  ...(named !== undefined && { executablePath: named }),
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
})
const fleet = new Fleet(collector.url, SERVICES)
try {
  await fleet.growTo(SMALL)
  // Each service calls the next two.
  for (let caller = 0; caller < SERVICES; caller++) for (const ahead of [1, 2]) await fleet.send(fleet.node(caller), callTo(caller + ahead))
  const board = await open('/nodes')
  const map = await open('/map')
  const small = await measure(board, map)
  await fleet.growTo(LARGE)
  fleet.beatMs.length = 0
  const large = await measure(board, map)
  report(small, large, await answerMs())
} finally {
  fleet.stop()
  await browser.close()
  await collector.stop()
}

async function open(path: string): Promise<Page> {
  // A window each: a page in the background would rest.
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage()
  await page.goto(collector.url + path)
  return page
}

async function measure(board: Page, map: Page): Promise<Lags> {
  const lags: Lags = {
    'a node came': [],
    'a node left': [],
    'a breaker opened': [],
    'a breaker closed': [],
    'opened, on the map': [],
    'closed, on the map': [],
  }
  const up = (count: number): Sign => ({ label: 'Nodes and breakers by state', pattern: `${count.toLocaleString('en')} nodes up` })
  const isOpen: Sign = { label: 'Nodes and breakers by state', pattern: '1 breaker open' }
  const isOpenOnMap: Sign = { label: 'service-0 to service-1:', pattern: '1 breaker open' }
  await shown(board, up(fleet.size))
  for (let round = 0; round < ROUNDS; round++) {
    const guest = { id: randomUUID(), service: 'guest', address: 'http://10.9.9.9:8080' }
    await rest()
    lags['a node came'].push(...(await lagsOf([shown(board, up(fleet.size + 1))], () => fleet.put(guest))))
    await rest()
    lags['a node left'].push(...(await lagsOf([shown(board, up(fleet.size))], () => fleet.leave(guest))))
    for (const [to, isGone, onBoard, onMap] of [
      ['open', false, 'a breaker opened', 'opened, on the map'],
      ['closed', true, 'a breaker closed', 'closed, on the map'],
    ] as const) {
      await rest()
      const signs = [shown(board, { ...isOpen, isGone }), shown(map, { ...isOpenOnMap, isGone })]
      const [boardLag = Number.NaN, mapLag = Number.NaN] = await lagsOf(signs, () => fleet.send(fleet.node(0), turnTo(to)))
      lags[onBoard].push(boardLag)
      lags[onMap].push(mapLag)
    }
  }
  return lags
}

interface Sign {
  /** How the accessible name of the element begins. */
  label: string
  /** What stands in its name or text, or no longer does. */
  pattern: string
  isGone?: boolean
}

/** When a page shows it: milliseconds since the epoch, at the frame that does. */
async function shown(page: Page, sign: Sign): Promise<number> {
  const handle = await page.waitForFunction(
    ({ label, pattern, isGone = false }) => {
      const [element] = document.querySelectorAll(`[aria-label^="${label}"]`)
      const text = element && `${element.ariaLabel} ${element.textContent}`
      return text !== undefined && new RegExp(`(?<!\\d)${pattern}`).test(text) !== isGone && Date.now()
    },
    sign,
    { polling: 'raf', timeout: SHOWN_WITHIN_MS },
  )
  return Number(await handle.jsonValue())
}

async function lagsOf(signs: Promise<number>[], act: () => Promise<void>): Promise<number[]> {
  const startedAt = Date.now()
  const [times] = await Promise.all([Promise.all(signs), act()])
  return times.map((time) => time - startedAt)
}

async function rest(): Promise<void> {
  await delay(Math.random() * REST_MS)
}

function callTo(callee: number): Record<string, unknown>[] {
  const call = randomUUID().replaceAll('-', '').slice(0, 16)
  const { id, service, address } = fleet.node(callee % SERVICES)
  return [
    { kind: 'call', call, name: 'POST /orders', target: { service, node: id, address }, breaker: 'closed' },
    { kind: 'return', call, status: 'ok' },
  ]
}

function turnTo(to: 'open' | 'closed'): Record<string, unknown>[] {
  const { id, service, address } = fleet.node(1)
  const from = to === 'open' ? 'closed' : 'half_open'
  return [{ kind: 'breaker', target: { service, node: id, address }, from, to, failures: to === 'open' ? 3 : 0, reason: 'ECONNREFUSED' }]
}

/** How long the collector takes to tell all nodes. */
async function answerMs(): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < ROUNDS; i++) {
    await rest()
    const startedAt = performance.now()
    await (await fetch(`${collector.url}/api/v1/nodes?limit=1000`)).arrayBuffer()
    times.push(performance.now() - startedAt)
  }
  return quantile(times, 0.5)
}

function report(small: Lags, large: Lags, boardMs: number): void {
  console.log(`\n${LARGE} nodes, each beating every 10 s; milliseconds until it is shown, over ${ROUNDS} rounds`)
  console.log(`${''.padEnd(22)}${'p50'.padStart(8)}${'p95'.padStart(8)}${'most'.padStart(8)}   p95 with ${SMALL} nodes`)
  for (const [change, lags] of Object.entries(large)) {
    const [p50, p95, most] = [0.5, 0.95, 1].map((share) => quantile(lags, share).toFixed(0).padStart(8))
    console.log(`${change.padEnd(22)}${p50}${p95}${most}   ${quantile(small[change as Change], 0.95).toFixed(0)}`)
  }
  const [value, baseline] = [large, small].map((lags) => Math.round(quantile(Object.values(lags).flat(), 0.95))) as [number, number]
  console.log(`all of them, p95      ${String(value).padStart(8)}   ${value < REACH_MS ? 'within' : 'not within'} ${REACH_MS} ms`)
  console.log(
    `a heartbeat is answered within ${quantile(fleet.beatMs, 0.5).toFixed(1)} ms (p50), ${quantile(fleet.beatMs, 0.99).toFixed(1)} ms (p99); ${fleet.failedBeats} failed`,
  )
  console.log(`the board is answered within ${boardMs.toFixed(1)} ms (p50)`)
  console.log(
    JSON.stringify({
      bench: 'nodes',
      value,
      unit: 'ms',
      baseline,
      baselineName: `the same with ${SMALL} nodes`,
      ratio: Math.round((value / baseline) * 1_000) / 1_000,
      p50Ms: Math.round(quantile(Object.values(large).flat(), 0.5)),
      mostMs: Math.round(quantile(Object.values(large).flat(), 1)),
      heartbeats: fleet.beatMs.length,
      heartbeatP99Ms: Math.round(quantile(fleet.beatMs, 0.99) * 10) / 10,
      failedHeartbeats: fleet.failedBeats,
      boardMs: Math.round(boardMs * 10) / 10,
    }),
  )
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN
}
