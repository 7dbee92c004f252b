/** A stretch of time that is drawn from left to right, in milliseconds from the start of the session. */
export interface TimeWindow {
  from: number
  to: number
}

/** Room to the right of the last bar, for its duration. */
const MARGIN = 0.15
const STEPS = [1, 2, 5, 10]

/** The whole session, with room for the last label. */
export function wholeWindow(durationMs: number): TimeWindow {
  return { from: 0, to: Math.max(0.001, durationMs) * (1 + MARGIN) }
}

/** Place of a moment, 0 at the left edge, 1 at the right one; outside where it is not in the window. */
export function placeOf(ms: number, window: TimeWindow): number {
  return (ms - window.from) / (window.to - window.from)
}

/** Round moments for the axis, about `count` of them. */
export function axisTicks(window: TimeWindow, count: number): number[] {
  const rough = (window.to - window.from) / Math.max(1, count)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = (STEPS.find((each) => each * power >= rough * 0.999) ?? 10) * power
  const ticks: number[] = []
  for (let index = Math.ceil(window.from / step - 1e-9); index * step <= window.to; index += 1)
    ticks.push(Number((index * step).toPrecision(12)))
  return ticks
}

/** Narrower (factor below 1) or wider around a moment, never beyond the whole and never below a microsecond. */
export function zoomWindow(window: TimeWindow, whole: TimeWindow, aroundMs: number, factor: number): TimeWindow {
  const width = Math.min(whole.to - whole.from, Math.max(0.001, (window.to - window.from) * factor))
  const share = Math.min(1, Math.max(0, placeOf(aroundMs, window)))
  const from = Math.min(Math.max(whole.from, aroundMs - share * width), whole.to - width)
  return { from, to: from + width }
}

/** The same stretch, moved; never beyond the whole. */
export function panWindow(window: TimeWindow, whole: TimeWindow, byMs: number): TimeWindow {
  const width = window.to - window.from
  const from = Math.min(Math.max(whole.from, window.from + byMs), Math.max(whole.from, whole.to - width))
  return { from, to: from + width }
}
