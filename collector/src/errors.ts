import { classifyError } from '@groundtrack/db'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'

export interface ErrorRow {
  status: number
  /** Whether the same request may succeed later. */
  retryable: boolean
  /** Fixed text: never echoes input, SQL or a stack. */
  message: string
}

/** Every error the collector answers with. ERRORS.md lists the same rows; a test compares the two. */
export const ERRORS = {
  /** A parameter or field outside what its route takes. */
  bad_request: { status: 400, retryable: false, message: 'The request is malformed.' },
  /** The first line of a batch isn't a header. */
  malformed_header: {
    status: 400,
    retryable: false,
    message: 'The first line must be a JSON object with v, producer, epoch, first, last and node.',
  },
  /** The header's v is none that this collector speaks; `supported` lists those. */
  unsupported_version: { status: 400, retryable: false, message: 'This protocol version is not supported.' },
  /** Sequence numbers negative, not rising, or not covering first…last with lines and dropped ranges. */
  bad_sequence: {
    status: 400,
    retryable: false,
    message: 'Lines and dropped ranges must cover first to last exactly once, in rising order.',
  },
  /** The body isn't what its Content-Encoding says. */
  bad_compression: { status: 400, retryable: false, message: 'The body is not valid gzip.' },
  /** A node registration outside its limits. */
  bad_node: {
    status: 400,
    retryable: false,
    message: 'A node needs a UUID, a service, an environment, and ttlSeconds from 1 to 3600; an address has 1 to 2048 bytes.',
  },
  /** The search expression doesn't parse; `at` is the position. */
  query_syntax: { status: 400, retryable: false, message: 'The query has a syntax error.' },
  /** The time range or the page is larger than the route allows. */
  range_too_large: { status: 400, retryable: false, message: 'The range is too large.' },
  /** The cursor isn't one that this route gave out. */
  bad_cursor: { status: 400, retryable: false, message: 'The cursor is not valid.' },
  /** No credential, or one that isn't valid (any more). */
  unauthorized: { status: 401, retryable: true, message: 'A valid token is required.' },
  /** A request that another web site's page caused, or a credential without the scope. */
  forbidden: { status: 403, retryable: false, message: 'This request is not allowed.' },
  /** No such route or object. */
  not_found: { status: 404, retryable: false, message: 'There is nothing at this address.' },
  /** The route exists for other methods, which `Allow` lists. */
  method_not_allowed: { status: 405, retryable: false, message: 'This address does not take this method.' },
  /** The body came slower than the least rate, or took too long in all. */
  request_timeout: { status: 408, retryable: true, message: 'The request took too long to arrive.' },
  /** The range is stored with other content, or overlaps a stored one; send again under `newProducer`. */
  producer_conflict: {
    status: 409,
    retryable: true,
    message: 'These numbers are stored with other content. Send the events again under the new producer.',
  },
  /** Another bearer than the one presented registered the node. */
  node_owned: { status: 409, retryable: false, message: 'This node belongs to another token.' },
  /** The project keeps `limit` sessions past retention already. */
  too_many_kept: { status: 409, retryable: false, message: 'As many sessions are kept as may be. Let another one go first.' },
  /** Compressed or inflated bytes over `limit`. */
  body_too_large: { status: 413, retryable: false, message: 'The body is too large.' },
  /** More lines than `limit`. */
  too_many_events: { status: 413, retryable: false, message: 'The batch holds too many events.' },
  /** The Content-Type isn't one that the route takes. */
  unsupported_media_type: { status: 415, retryable: false, message: 'Use Content-Type: application/x-ndjson.' },
  /** The Content-Encoding isn't one that the route takes. */
  unsupported_encoding: { status: 415, retryable: false, message: 'Use gzip or identity.' },
  /** The Host header names another host or port than the one listened on. */
  bad_host: {
    status: 421,
    retryable: false,
    message: 'Without login this collector answers only to 127.0.0.1, localhost or [::1] with its own port.',
  },
  /** The project has as many nodes as it may. */
  too_many_nodes: { status: 429, retryable: true, message: 'Too many nodes are registered. Try again later.' },
  /** The project sends more than its rate. */
  rate_limited: { status: 429, retryable: true, message: 'Too many requests. Try again later.' },
  /** Request line and headers over 16 KiB. */
  headers_too_large: { status: 431, retryable: false, message: 'The request headers are too large.' },
  /** A bug of the collector; its log has the cause under the same requestId. */
  internal: { status: 500, retryable: true, message: 'The collector failed to handle this request.' },
  /** Memory bound reached, or the wait for the database was too long. */
  overloaded: { status: 503, retryable: true, message: 'The collector is busy. Try again later.' },
  /** PostgreSQL doesn't answer, or the outcome of a commit is unknown. */
  db_unavailable: { status: 503, retryable: true, message: 'The database is not available. Try again later.' },
  /** The disk is nearly full: nothing is stored until there is room. */
  storage_low: { status: 503, retryable: true, message: 'The storage is nearly full. Try again later.' },
  /** The collector is being stopped. */
  shutting_down: { status: 503, retryable: true, message: 'The collector is shutting down. Try again later.' },
  /** So many tails at once are not served. */
  too_many_tails: { status: 503, retryable: true, message: 'Too many tails are open. Close some, or try again later.' },
  /** The query ran longer than it may. */
  query_timeout: { status: 503, retryable: true, message: 'The query took too long. Narrow it, or try again later.' },
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof ERRORS

/** Codes of single events in `rejected[]` of a 200 answer: final, and the rest of the batch is stored. */
export const REJECTIONS = {
  malformed_event: 'The line is not a JSON object.',
  event_too_large: 'The event is larger than 256 KiB.',
  too_deep: 'The event is nested deeper than 32 levels.',
  bad_session_id:
    'Session must be 32 lower-case hex digits, span 16, neither all zero, and clock an array of 1 to 64 integers; span and clock need a session.',
  storage_rejected: 'The database refused the event.',
} as const

export type RejectionCode = keyof typeof REJECTIONS

export interface ErrorDetails {
  /** Position, line or number that the error is about. */
  at?: number
  /** The limit that was passed, in the unit of the thing limited. */
  limit?: number
  retryAfterSeconds?: number
  supported?: readonly number[]
  newProducer?: string
  /** Close the connection after the answer, since the body is left unread. */
  close?: boolean
}

/** Thrown anywhere below a route; becomes the one error body. */
export class ApiError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    super(ERRORS[code].message)
    this.code = code
    this.details = details
  }
}

/** The body of every error answer. */
export function presentError(code: ErrorCode, requestId: string, details: ErrorDetails = {}) {
  const { message, retryable } = ERRORS[code]
  const { at, limit, supported, newProducer } = details
  return {
    error: {
      code,
      message,
      retryable,
      ...(at !== undefined && { at }),
      ...(limit !== undefined && { limit }),
      ...(supported && { supported }),
      ...(newProducer !== undefined && { newProducer }),
      requestId,
    },
  }
}

/** Fastify's error handler: ApiErrors as they are, Fastify's own mapped, all else `internal` and logged. */
export function handleError(error: FastifyError | ApiError, request: FastifyRequest, reply: FastifyReply): void {
  const { code, details } = error instanceof ApiError ? error : translate(error)
  if (ERRORS[code].status === 500) request.log.error({ err: error, route: request.routeOptions.url }, 'request failed')
  if (details.retryAfterSeconds !== undefined) reply.header('retry-after', String(details.retryAfterSeconds))
  if (details.close) reply.header('connection', 'close')
  reply
    .code(ERRORS[code].status)
    .type('application/json; charset=utf-8')
    .send(presentError(code, request.id, details))
}

/** Seconds after which a client may try again, spread so that not all come back at once. */
export function spreadRetrySeconds(): number {
  return 1 + Math.floor(Math.random() * 5)
}

/** The errors of Fastify, Node and the database to ours. */
function translate(error: FastifyError): { code: ErrorCode; details: ErrorDetails } {
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return { code: 'unsupported_media_type', details: {} }
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return { code: 'body_too_large', details: { close: true } }
  if (error.validation || (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500))
    return { code: 'bad_request', details: {} }
  if (classifyError(error) === 'unavailable') return { code: 'db_unavailable', details: { retryAfterSeconds: spreadRetrySeconds() } }
  return { code: 'internal', details: {} }
}
