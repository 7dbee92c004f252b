import type { EventView } from '@groundtrack/collector/api'
import { Link } from '@tanstack/react-router'
import { lineName } from '../../lib/event-link'
import { epochMs, isoOf } from '../../lib/instant'
import { term } from '../../lib/query-tokens'

/** Milliseconds before and after. */
const AROUND = 2_000

/** Ways to what else happened at about the same time: in this process, in this session, everywhere. */
export function AroundLinks({ event, process }: { event: EventView; process: string }) {
  const [own, common] = [epochMs(event.time), epochMs(event.corrected ?? event.time)]
  return (
    <nav className="around" aria-label="Around this line">
      <span>Around this</span>
      <Link
        to="/logs"
        search={{ q: term('node', event.node), ...periodAround(own) }}
        title="Two seconds before and after, on its own clock"
      >
        on {process}
      </Link>
      <Link
        to="/s/$session"
        params={{ session: event.session }}
        search={{ e: lineName(event), order: 'clock', all: '1' }}
        title="The lines of this session beside it, by the clock"
      >
        in the session
      </Link>
      <Link to="/logs" search={periodAround(common)} title="Two seconds before and after, of all services">
        everywhere
      </Link>
    </nav>
  )
}

function periodAround(ms: number): { from: string; to: string } {
  return { from: isoOf(ms - AROUND), to: isoOf(ms + AROUND) }
}
