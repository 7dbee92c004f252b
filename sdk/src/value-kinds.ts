/** Questions about values that may be hostile: a proxy's traps throw here, and the answer is then no. */

export function isError(value: unknown): value is Error {
  return safely(() => value instanceof Error || Object.prototype.toString.call(value) === '[object Error]')
}

export function isList(value: unknown): value is readonly unknown[] {
  return safely(() => Array.isArray(value))
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return safely(() => {
    if (typeof value !== 'object' || value === null) return false
    const prototype: unknown = Object.getPrototypeOf(value)
    return prototype === Object.prototype || prototype === null
  })
}

/** undefined where the getter throws. */
export function readProperty(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key]
  } catch {
    return undefined
  }
}

function safely(ask: () => boolean): boolean {
  try {
    return ask()
  } catch {
    return false
  }
}
