// Preloaded into a process of the shop: what it reads as the time of day runs CLOCK_AHEAD_MS ahead, as on a machine whose clock is off.
// With CLOCK_SET_EVERY_MS somebody sets it right after that time, and it goes wrong again after as long, and so on.
const aheadMs = Number(process.env['CLOCK_AHEAD_MS'] ?? 0)
const setEveryMs = Number(process.env['CLOCK_SET_EVERY_MS'] ?? Infinity)
const SystemDate = Date
const isWrong = (): boolean => Math.floor(performance.now() / setEveryMs) % 2 === 0
const now = (): number => SystemDate.now() + (isWrong() ? aheadMs : 0)
const timeOrigin = performance.timeOrigin + aheadMs

globalThis.Date = new Proxy(SystemDate, {
  construct: (target, given: [], newTarget) => Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget) as Date,
  apply: () => new SystemDate(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)) as unknown,
})
Object.defineProperty(performance, 'timeOrigin', { get: () => timeOrigin, configurable: true })
