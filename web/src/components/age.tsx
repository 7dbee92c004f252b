import { formatAge, formatShortAge } from '../lib/age'
import { formatPrecise } from '../lib/instant'
import { useServerNow } from '../lib/server-clock'

/** How long ago something was, counting on by the second: "1 min 32 s". `short`: one unit only, once that says enough. */
export function Age({ since, short = false }: { since: string; short?: boolean }) {
  const ms = useServerNow() - Date.parse(since)
  return (
    <time dateTime={since} title={formatPrecise(since)}>
      {short ? formatShortAge(ms) : formatAge(ms)}
    </time>
  )
}
