import type { RegistryHealth } from '@groundtrack/collector/api'
import { formatAge } from '../lib/age'
import { formatSecond } from '../lib/instant'
import { registryWords } from '../lib/node-words'
import { useServerNow } from '../lib/server-clock'
import './registry-marks.css'

interface RegistryLineProps {
  registry: RegistryHealth | undefined
  asOf: string | undefined
  /** It does not answer any more. */
  error: Error | null
}

/** Older than this is not "now". */
const FRESH_MS = 5_000

/** How the registry is and how old what it says is; where either is not as it should be, also what that means. */
export function RegistryLine({ registry, asOf, error }: RegistryLineProps) {
  const now = useServerNow()
  if (registry === undefined || asOf === undefined) return null
  const ageMs = now - Date.parse(asOf)
  const { words, meaning } = registryWords(registry)
  const isOld = ageMs >= FRESH_MS
  return (
    <>
      <p className="registry-line" data-tone={isOld || error !== null || registry.state !== 'healthy' ? 'warn' : 'ok'}>
        {error === null ? words : 'registry unknown'} ·{' '}
        {isOld ? `as of ${formatSecond(Date.parse(asOf))}, ${formatAge(ageMs)} ago` : 'as of now'}
      </p>
      {meaning !== undefined && (
        <p className="registry-meaning" role="status">
          {meaning}
        </p>
      )}
      {error && (
        <p className="registry-meaning" role="alert">
          {error.message} What stands here may have changed since.
        </p>
      )}
    </>
  )
}
