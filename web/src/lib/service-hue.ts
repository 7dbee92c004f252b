const HUES = 6
/** Chosen so that the services of the demo that work together get different hues. */
const SEED = 414_196

/** A service's hue, 0–5, from its name alone: the same on every page and every machine. */
export function serviceHue(name: string): number {
  let hash = SEED
  for (let index = 0; index < name.length; index += 1) hash = Math.imul(hash ^ name.charCodeAt(index), 16_777_619) >>> 0
  hash ^= hash >>> 15
  hash = Math.imul(hash, 0x85ebca6b) >>> 0
  hash ^= hash >>> 13
  return (hash >>> 0) % HUES
}

/** CSS colour of a service, from styles/tokens.css. */
export function serviceColour(name: string): string {
  return `var(--service-${serviceHue(name)})`
}
