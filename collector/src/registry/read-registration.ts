import { createHash } from 'node:crypto'
import type { Registration } from '@groundtrack/db'
import { ApiError } from '../errors.js'
import { isUuid } from '../ingest/ids.js'
import { isStorable } from '../ingest/native/mend.js'
import { isObject } from '../ingest/native/parse-line.js'
import { DEFAULT_ENVIRONMENT, MAX_ADDRESS_BYTES, readName, readNode } from '../ingest/node-info.js'

const MIN_TTL_SECONDS = 1
const MAX_TTL_SECONDS = 3_600
const MAX_PROPERTIES_BYTES = 16 * 1024

/** A heartbeat's body, and who sends it. Throws ApiError bad_node where anything in it isn't as it must be. */
export function readRegistration(id: string, body: unknown, authorization: string | undefined): Registration {
  if (!isUuid(id) || !isObject(body) || !isStorable(body)) throw new ApiError('bad_node')
  const { address, ttlSeconds } = body
  const service = readName(body['service'])
  const version = body['version'] === undefined ? '' : readName(body['version'])
  const environment = body['environment'] === undefined ? DEFAULT_ENVIRONMENT : readName(body['environment'])
  if (service === null || version === null || environment === null) throw new ApiError('bad_node')
  if (address !== undefined && !isAddress(address)) throw new ApiError('bad_node')
  if (typeof ttlSeconds !== 'number' || !(ttlSeconds >= MIN_TTL_SECONDS && ttlSeconds <= MAX_TTL_SECONDS)) throw new ApiError('bad_node')
  const properties = readProperties(body['properties'])
  return {
    uuid: id.toLowerCase(),
    service,
    version,
    environment,
    address: address ?? null,
    ttlSeconds,
    properties,
    ...readProcess(id, service, body['properties']),
    owner: readOwner(authorization),
  }
}

/** A node belongs to the bearer that registered it, of which only the SHA-256 (hex) is kept; null without one. */
export function readOwner(authorization: string | undefined): string | null {
  const token = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
  return token === undefined ? null : createHash('sha256').update(token).digest('hex')
}

function isAddress(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= MAX_ADDRESS_BYTES
}

function readProperties(value: unknown): string | null {
  if (value === undefined) return null
  const json = isObject(value) ? JSON.stringify(value) : ''
  if (json === '' || Buffer.byteLength(json) > MAX_PROPERTIES_BYTES) throw new ApiError('bad_node')
  return json
}

/** SDKs say of their process the same as in the header of a batch. */
function readProcess(id: string, service: string, properties: unknown): Pick<Registration, 'host' | 'pid' | 'runtime' | 'sdk'> {
  const { host = null, pid = null, runtime = null, sdk = null } = readNode({ ...(isObject(properties) && properties), id, service }) ?? {}
  return { host, pid, runtime, sdk }
}
