import type { Presence } from '@groundtrack/db'
import { ApiError } from '../errors.js'
import { isUuid } from '../ingest/ids.js'
import { isStorable } from '../ingest/native/mend.js'
import { isObject } from '../ingest/native/parse-line.js'
import { DEFAULT_ENVIRONMENT, MAX_ADDRESS_BYTES, readName } from '../ingest/node-info.js'

const MIN_TTL_SECONDS = 1
const MAX_TTL_SECONDS = 3_600
const MAX_PROPERTIES_BYTES = 16 * 1024

/** A heartbeat's body. Throws ApiError bad_node where anything in it isn't as it must be. */
export function readPresence(id: string, body: unknown): Omit<Presence, 'projectId'> {
  if (!isUuid(id) || !isObject(body) || !isStorable(body)) throw new ApiError('bad_node')
  const { address, ttlSeconds } = body
  const service = readName(body['service'])
  const version = body['version'] === undefined ? '' : readName(body['version'])
  const environment = body['environment'] === undefined ? DEFAULT_ENVIRONMENT : readName(body['environment'])
  if (service === null || version === null || environment === null) throw new ApiError('bad_node')
  if (address !== undefined && (typeof address !== 'string' || Buffer.byteLength(address) > MAX_ADDRESS_BYTES))
    throw new ApiError('bad_node')
  if (typeof ttlSeconds !== 'number' || !(ttlSeconds >= MIN_TTL_SECONDS && ttlSeconds <= MAX_TTL_SECONDS)) throw new ApiError('bad_node')
  const properties = readProperties(body['properties'])
  return { uuid: id.toLowerCase(), service, version, environment, address: address ?? null, ttlSeconds, properties }
}

function readProperties(value: unknown): string | null {
  if (value === undefined) return null
  const json = isObject(value) ? JSON.stringify(value) : ''
  if (json === '' || Buffer.byteLength(json) > MAX_PROPERTIES_BYTES) throw new ApiError('bad_node')
  return json
}
