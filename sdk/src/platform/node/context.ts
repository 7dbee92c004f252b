import { AsyncLocalStorage } from 'node:async_hooks'
import type { Context } from '../platform.js'

const KEY = Symbol.for('groundtrack.context')

/** One per process, also when the package is loaded by `import` and by `require`: it lives on the global object. */
export function processContext(): Context {
  const shared = globalThis as { [KEY]?: Context }
  const known = shared[KEY]
  if (known !== undefined) return known
  const storage = new AsyncLocalStorage<unknown>()
  const context: Context = { current: () => storage.getStore(), run: (value, work) => storage.run(value, work) }
  Object.defineProperty(globalThis, KEY, { value: context })
  return context
}
