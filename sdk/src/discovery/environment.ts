export interface Environment {
  name: string
  /** Where a service is looked for that `name` never had. */
  fallback?: string
}

/** Reads `name` or `fallback:name`. */
export function parseEnvironment(text: string): Environment {
  const at = text.lastIndexOf(':')
  const name = text.slice(at + 1)
  const fallback = text.slice(0, Math.max(0, at))
  return fallback === '' ? { name } : { name, fallback }
}
