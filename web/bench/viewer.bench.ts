// A session of 100,000 events over 200 hops in a real Chromium: the time to its first lines, against a session of 1,000 events in the
// same run; then 30 s of scrolling, against the same page at rest: `npm run bench -- viewer`. GROUNDTRACK_CHROMIUM names the browser.
import { existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { chromium, type BrowserContext, type CDPSession, type Page } from '@playwright/test'
import { storeSession, type SessionSize } from './large-session.js'
import { startCollector } from './running-collector.js'
import { opened, takeWatched, watch, type Opened, type Watched } from './watch-page.js'

const LARGE: SessionSize = { events: 100_000, hops: 200 }
const SMALL: SessionSize = { events: 1_000, hops: 20 }
/** Each opens a session that the collector has not read yet. */
const ROUNDS = 3
const REST_MS = 5_000
const GESTURES = 6
const GESTURE_MS = 5_000
const PIXELS_A_SECOND = 3_000
const SLOW_FRAME_MS = 20
const REACH = { firstRowsMs: 1_000, slowFrames: 0.05, taskMs: 50, heapBytes: 200e6 }

const collector = await startCollector()
const named = process.env['GROUNDTRACK_CHROMIUM'] ?? [chromium.executablePath(), '/usr/bin/chromium'].find((path) => existsSync(path))
const browser = await chromium.launch({
  ...(named !== undefined && { executablePath: named }),
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
})
try {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  // The viewer itself is in the browser's cache, as for anybody who comes from the list.
  await openSession(context, await storeSession(collector.url, SMALL)).then(({ page }) => page.close())
  const small: Opened[] = []
  const large: Opened[] = []
  let last: Page | undefined
  for (let round = 0; round < ROUNDS; round++) {
    const little = await openSession(context, await storeSession(collector.url, SMALL))
    small.push(little.opened)
    await little.page.close()
    await last?.close()
    const huge = await openSession(context, await storeSession(collector.url, LARGE))
    large.push(huge.opened)
    last = huge.page
  }
  if (last === undefined) throw new Error('nothing was opened')
  report(small, large, await scroll(context, last))
} finally {
  await browser.close()
  await collector.stop()
}

async function openSession(context: BrowserContext, session: string): Promise<{ page: Page; opened: Opened }> {
  const page = await context.newPage()
  await watch(page)
  await page.goto(`${collector.url}/s/${session}`, { waitUntil: 'commit' })
  return { page, opened: await opened(page) }
}

interface Scrolled {
  rest: Watched
  moving: Watched
  heapBytes: number
  rows: number
}

/** Scrolls as with a wheel, from six places of the list that the scrollbar was dragged to. */
async function scroll(context: BrowserContext, page: Page): Promise<Scrolled> {
  const devtools = await context.newCDPSession(page)
  const list = page.getByRole('treegrid', { name: 'Lines of this session' })
  const rows = Number(await list.getAttribute('aria-rowcount'))
  await delay(REST_MS)
  await takeWatched(page)
  await delay(REST_MS)
  const rest = await takeWatched(page)

  let heapBytes = 0
  const measure = setInterval(() => void heapOf(devtools).then((bytes) => (heapBytes = Math.max(heapBytes, bytes))), 500)
  for (let gesture = 0; gesture < GESTURES; gesture++) {
    await list.evaluate((rowsElement, share) => {
      const scroller = rowsElement.parentElement
      if (scroller) scroller.scrollTop = scroller.scrollHeight * share
    }, gesture / GESTURES)
    await devtools.send('Input.synthesizeScrollGesture', {
      x: 500,
      y: 600,
      yDistance: -(PIXELS_A_SECOND * GESTURE_MS) / 1_000,
      speed: PIXELS_A_SECOND,
      gestureSourceType: 'mouse',
    })
  }
  clearInterval(measure)
  const moving = await takeWatched(page)
  return { rest, moving, heapBytes, rows }
}

async function heapOf(devtools: CDPSession): Promise<number> {
  const { usedSize } = await devtools.send('Runtime.getHeapUsage')
  return usedSize
}

function report(little: readonly Opened[], huge: readonly Opened[], { rest, moving, heapBytes, rows }: Scrolled): void {
  const small = little.map(({ firstRowsMs }) => firstRowsMs)
  const large = huge.map(({ firstRowsMs }) => firstRowsMs)
  const ofBoth = (name: string, span: (each: Opened) => number) =>
    console.log(`${name.padEnd(44)}${`${median(huge.map(span)).toFixed(0)} ms`.padStart(12)}   ${median(little.map(span)).toFixed(0)} ms`)
  const seconds = moving.gaps.reduce((sum, gap) => sum + gap, 0) / 1_000
  const longest = Math.max(0, ...moving.tasks)
  const reached = {
    firstRows: median(large) < REACH.firstRowsMs,
    frames: slowShare(moving) <= REACH.slowFrames,
    tasks: longest <= REACH.taskMs,
    heap: heapBytes <= REACH.heapBytes,
  }
  const line = (name: string, value: string, limit: string, isReached: boolean) =>
    console.log(`${name.padEnd(44)}${value.padStart(12)}   ${limit.padEnd(10)} ${isReached ? 'yes' : 'no'}`)
  console.log(`\n${rows} rows; ${seconds.toFixed(0)} s of scrolling, ${moving.gaps.length} frames`)
  console.log(`${''.padEnd(44)}${'measured'.padStart(12)}   ${'reach'.padEnd(10)} reached`)
  line(
    `first lines of ${LARGE.events} events (median of ${ROUNDS})`,
    `${median(large).toFixed(0)} ms`,
    `< ${REACH.firstRowsMs} ms`,
    reached.firstRows,
  )
  console.log(`  rounds ${large.map((ms) => ms.toFixed(0)).join(', ')} ms; beside each part that of ${SMALL.events} events`)
  ofBoth('  until the collector was asked', (each) => each.askedMs)
  ofBoth('  until it had answered', (each) => each.answeredMs - each.askedMs)
  ofBoth('  until the lines were drawn', (each) => each.firstRowsMs - each.answeredMs)
  line(`frame gaps over ${SLOW_FRAME_MS} ms while scrolling`, percent(slowShare(moving)), `≤ ${percent(REACH.slowFrames)}`, reached.frames)
  console.log(`${'  the same page at rest'.padEnd(44)}${percent(slowShare(rest)).padStart(12)}`)
  line(
    `longest task (${moving.tasks.length} over 50 ms)`,
    longest === 0 ? '< 50 ms' : `${longest.toFixed(0)} ms`,
    `≤ ${REACH.taskMs} ms`,
    reached.tasks,
  )
  line('greatest heap', `${(heapBytes / 1e6).toFixed(0)} MB`, `≤ ${REACH.heapBytes / 1e6} MB`, reached.heap)
  console.log(
    JSON.stringify({
      bench: 'viewer',
      value: Math.round(median(large)),
      unit: 'ms',
      baseline: Math.round(median(small)),
      baselineName: `first lines of ${SMALL.events} events`,
      ratio: round(median(large) / median(small)),
      slowFrames: round(slowShare(moving)),
      slowFramesAtRest: round(slowShare(rest)),
      longTasks: moving.tasks.length,
      longestTaskMs: Math.round(longest),
      heapMb: Math.round(heapBytes / 1e6),
    }),
  )
}

function slowShare({ gaps }: Watched): number {
  return gaps.filter((gap) => gap > SLOW_FRAME_MS).length / gaps.length
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000
}
