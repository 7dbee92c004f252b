import { versionMatches } from '../discovery/version.js'

/** In one session, calls to `service` go to `target` instead. */
export interface Route {
  service: string
  version: string
  target: string
  targetVersion: string
}

const MAX_ROUTES = 16
const MAX_NAME_LENGTH = 255

/** Where a session's calls go instead of where they were meant to. */
export class Routes {
  #routes: readonly Route[]

  constructor(routes: readonly Route[]) {
    this.#routes = routes
  }

  get size(): number {
    return this.#routes.length
  }

  /** A later route of the same service and version replaces an earlier one. False where there are too many. */
  add(route: Route): boolean {
    const others = this.#routes.filter(({ service, version }) => service !== route.service || version !== route.version)
    if (others.length >= MAX_ROUTES || !isRoute([route.service, route.version, route.target, route.targetVersion])) return false
    this.#routes = [...others, route]
    return true
  }

  /** The route for a call; undefined: it goes where it was meant to. A route is not followed by another. */
  find(service: string, version: string): Route | undefined {
    return this.#routes.find((route) => route.service === service && versionMatches(route.version, version))
  }

  /** For the baggage: `[["cart","1.0","cart-canary","1.0"]]`. */
  toText(): string {
    return JSON.stringify(this.#routes.map(({ service, version, target, targetVersion }) => [service, version, target, targetVersion]))
  }

  /** For people: `{"cart@1.0":"cart-canary@1.0"}`. */
  describe(): Record<string, string> {
    return Object.fromEntries(this.#routes.map((route) => [`${route.service}@${route.version}`, `${route.target}@${route.targetVersion}`]))
  }
}

/** Reads what `toText` wrote. Never throws; what is malformed is left out. */
export function parseRoutes(text: string): Route[] {
  const list = parse(text)
  if (!Array.isArray(list)) return []
  return list
    .filter(isRoute)
    .slice(0, MAX_ROUTES)
    .map(([service, version, target, targetVersion]) => ({ service, version, target, targetVersion }))
}

function isRoute(value: unknown): value is [string, string, string, string] {
  return Array.isArray(value) && value.length === 4 && value.every((part) => typeof part === 'string' && part.length <= MAX_NAME_LENGTH)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
