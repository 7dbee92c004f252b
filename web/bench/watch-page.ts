import type { Page } from '@playwright/test'

declare global {
  interface Window {
    firstRowsMs?: number
    /** Milliseconds from frame to frame, and the lengths of tasks over 50 ms, since they were last taken. */
    watched: { gaps: number[]; tasks: number[] }
  }
}

export interface Watched {
  gaps: number[]
  tasks: number[]
}

/** To be called before the page is opened: notes when its first lines were painted, every frame, and every long task. */
export async function watch(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const seen = new MutationObserver(() => {
      if (document.querySelector('[role="treegrid"] [role="row"][aria-level]') === null) return
      seen.disconnect()
      // A task that is queued in a frame runs after that frame was painted.
      requestAnimationFrame(() => setTimeout(() => (window.firstRowsMs = performance.now())))
    })
    seen.observe(document, { childList: true, subtree: true })

    window.watched = { gaps: [], tasks: [] }
    new PerformanceObserver((list) => window.watched.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask',
    })
    let last: number | undefined
    const frame = (now: number): void => {
      if (last !== undefined) window.watched.gaps.push(now - last)
      last = now
      requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
  })
}

/** Milliseconds from the start of the navigation. */
export interface Opened {
  /** The collector was asked for the session. */
  askedMs: number
  /** It had answered with the head and the first lines. */
  answeredMs: number
  /** The first lines were painted. */
  firstRowsMs: number
}

export async function opened(page: Page): Promise<Opened> {
  await page.waitForFunction(() => window.firstRowsMs, undefined, { polling: 20, timeout: 30_000 })
  return page.evaluate(() => {
    const firstRowsMs = window.firstRowsMs ?? Number.NaN
    const answers = performance
      .getEntriesByType('resource')
      .filter((each): each is PerformanceResourceTiming => each instanceof PerformanceResourceTiming)
      .filter((each) => each.name.includes('/api/v1/sessions/') && each.responseEnd < firstRowsMs)
    return {
      askedMs: Math.min(...answers.map((each) => each.startTime)),
      answeredMs: Math.max(...answers.map((each) => each.responseEnd)),
      firstRowsMs,
    }
  })
}

/** What was seen since the last time. */
export async function takeWatched(page: Page): Promise<Watched> {
  return page.evaluate(() => {
    const taken = window.watched
    window.watched = { gaps: [], tasks: [] }
    return taken
  })
}
