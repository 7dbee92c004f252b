import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseEnvironment } from './environment.js'
import { versionMatches } from './version.js'

test.each([
  ['1.0', '1.0', true],
  ['1.2', '1.0', true],
  ['1.0', '1.2', false],
  ['2.0', '1.0', false],
  ['1.10', '1.9', true],
  ['1', '1.0', true],
  ['1.0', '1', true],
  ['1.1', '', false],
  ['0.1', '', true],
  ['', '', true],
  ['1.2.3', '1.2.9', true],
  ['1.0.0', '1.0', true],
  ['1.2-beta', '1.1', true],
  ['1.', '1.0', false],
  ['1.x', '1.0', false],
  ['1-rc', '1.0', true],
  ['beta', 'beta', true],
  ['beta', '1.0', false],
  ['v1.0', '1.0', false],
  ['v1.0', 'v1.0', true],
  ['-1.0', '1.0', false],
  ['1.0 ', '1.0', false],
  ['9999999999.0', '9999999999.0', true],
])('%s serves who asks for %s: %s', (offered, wanted, expected) => {
  expect(versionMatches(offered, wanted)).toBe(expected)
})

test('of numbers, exactly those of the same major and at least the minor match; every text matches itself', () => {
  const part = fc.nat(20)
  fc.assert(
    fc.property(part, part, part, part, (major, minor, otherMajor, otherMinor) => {
      const matches = versionMatches(`${major}.${minor}`, `${otherMajor}.${otherMinor}`)
      expect(matches).toBe(major === otherMajor && minor >= otherMinor)
    }),
  )
  fc.assert(fc.property(fc.string(), (text) => versionMatches(text, text)))
})

test.each([
  ['production', { name: 'production' }],
  ['shared:staging', { name: 'staging', fallback: 'shared' }],
  [':staging', { name: 'staging' }],
])('the environment %s', (text, expected) => {
  expect(parseEnvironment(text)).toEqual(expected)
})
