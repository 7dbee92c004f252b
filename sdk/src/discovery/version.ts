const NUMBERS = /^(\d{1,9})(?:\.(\d{1,9})(?:\..*)?)?(?:[+-].*)?$/s

/**
 * Whether a node of version `offered` serves who asks for `wanted`: the same major and an equal or higher minor. Only the first two parts
 * count, an absent one is 0. A version that is no number is served by the very same one alone.
 */
export function versionMatches(offered: string, wanted: string): boolean {
  const [has, asks] = [numbersOf(offered), numbersOf(wanted)]
  if (has === undefined || asks === undefined) return offered === wanted
  return has.major === asks.major && has.minor >= asks.minor
}

function numbersOf(version: string): { major: number; minor: number } | undefined {
  const [, major, minor = '0'] = NUMBERS.exec(version === '' ? '0' : version) ?? []
  return major === undefined ? undefined : { major: Number(major), minor: Number(minor) }
}
