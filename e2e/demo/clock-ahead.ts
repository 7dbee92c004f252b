// Preloaded into one process of the shop: everything it reads as the time of day runs CLOCK_AHEAD_MS ahead, as on a machine whose clock is off.
const aheadMs = Number(process.env['CLOCK_AHEAD_MS'] ?? 0)
const SystemDate = Date
const now = (): number => SystemDate.now() + aheadMs
const timeOrigin = performance.timeOrigin + aheadMs

globalThis.Date = new Proxy(SystemDate, {
  construct: (target, given: [], newTarget) => Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget) as Date,
  apply: () => new SystemDate(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)) as unknown,
})
Object.defineProperty(performance, 'timeOrigin', { get: () => timeOrigin, configurable: true })
