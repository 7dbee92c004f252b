/** What a failed statement means to a caller: try again later, the data are at fault, or we are. */
export type ErrorClass = 'unavailable' | 'refused' | 'other'

/** The SQLSTATE (or Node's error code) of anything thrown by pg; undefined where it has none. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'ENOENT', // a Unix socket that is gone
])

// 25006 a server that became a standby; 25P03 we stood still within a transaction; 40001, 40P01 lost a race; 55P03, 57014 waited too long; 57P0x is stopping or starting.
const TRANSIENT_STATES = new Set(['25006', '25P03', '40001', '40P01', '55P03', '57014', '57P01', '57P02', '57P03', '57P05'])
// 08 connection, 53 no room (disk, memory, connections), 58 the machine failed it.
const TRANSIENT_CLASSES = new Set(['08', '53', '58'])
// 22 data exception, 23 constraint, 54 beyond a limit of PostgreSQL.
const REFUSED_CLASSES = new Set(['22', '23', '54'])

// pg and pg-pool throw these without a code.
const LOST_CONNECTION =
  /connection terminated|timeout exceeded when trying to connect|timeout expired|not queryable|connection error|client was closed/i

/**
 * `unavailable`: the database can't be reached, is stopping, full or too slow: the same statement may work later.
 * `refused`: PostgreSQL would refuse these data each time (SQLSTATE classes 22, 23, 54). `other`: everything else, a defect.
 */
export function classifyError(error: unknown): ErrorClass {
  const code = errorCode(error)
  if (code !== undefined) {
    if (NETWORK_CODES.has(code) || TRANSIENT_STATES.has(code) || TRANSIENT_CLASSES.has(sqlStateClass(code))) return 'unavailable'
    return REFUSED_CLASSES.has(sqlStateClass(code)) ? 'refused' : 'other'
  }
  if (error instanceof AggregateError) return error.errors.some((e) => classifyError(e) === 'unavailable') ? 'unavailable' : 'other'
  return error instanceof Error && LOST_CONNECTION.test(error.message) ? 'unavailable' : 'other'
}

function sqlStateClass(code: string): string {
  return code.length === 5 ? code.slice(0, 2) : ''
}
