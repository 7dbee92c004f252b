import { FLAG, KINDS, levelOf, type FlagName, type StoredEvent, type StoredNode } from '@groundtrack/db'
import type { EventFlag, EventView } from '../api.js'
import { LOOSE_SPAN } from './merge-parts.js'
import { formatMicros } from './time.js'

const FLAG_NAMES: Readonly<Record<FlagName, EventFlag>> = {
  process: 'process',
  sanitised: 'sanitised',
  clockSuspect: 'clock_suspect',
  attributesTruncated: 'attributes_truncated',
  levelUnknown: 'level_unknown',
  duplicateKeys: 'duplicate_keys',
  old: 'old',
}
const FLAGS = Object.entries(FLAG_NAMES).map(([name, view]) => ({ bit: FLAG[name as FlagName], view }))

/** Fields that kinds carry, under their names on the wire. */
const KIND_FIELDS = [
  'name',
  'parent',
  'call',
  'target',
  'remainingMs',
  'properties',
  'derived',
  'status',
  'reason',
  'callee',
  'breaker',
  'oneway',
  'key',
  'value',
  'from',
  'to',
  'failures',
  'retestAt',
] as const

/** Identity of an event as clients see it: writer-flush-ordinal. */
export function eventId(flushId: string, ordinal: number): string {
  return eventIdsOf(flushId)(ordinal)
}

/** The same for many events of one flush. */
export function eventIdsOf(flushId: string): (ordinal: number) => string {
  const flush = BigInt(flushId)
  const start = `${flush >> 32n}-${flush & 0xffffffffn}-`
  return (ordinal) => start + ordinal
}

/** Row → view. */
export function presentEvent(row: StoredEvent, node: StoredNode | undefined): EventView {
  const kind = KINDS[row.kind] ?? 'log'
  return {
    id: eventId(row.flushId, row.ordinal),
    seq: row.seq,
    session: row.session,
    span: row.span === LOOSE_SPAN ? null : row.span,
    clock: row.clock,
    kind,
    node: node?.node ?? '',
    service: node?.service ?? '',
    environment: node?.environment ?? '',
    time: formatMicros(row.timeMicros),
    received: formatMicros(row.receivedMicros),
    level: levelOf(row.level),
    category: row.category,
    message: row.message,
    attributes: row.attributes,
    flags: FLAGS.filter(({ bit }) => (row.flags & bit) !== 0).map(({ view }) => view),
    ...(kind !== 'log' && row.detail && pickKindFields(row.detail)),
  }
}

// Ingest has checked each field's type (kind-fields.ts); what failed stands under another key.
function pickKindFields(detail: Record<string, unknown>): Partial<EventView> {
  return Object.fromEntries(KIND_FIELDS.filter((name) => Object.hasOwn(detail, name)).map((name) => [name, detail[name]]))
}
