import { mendText } from './native/mend.js'
import { isObject } from './native/parse-line.js'
import { isUuid } from './ids.js'

/** Who logged: one process of one service in one environment. */
export interface NodeInfo {
  uuid: string
  service: string
  version: string
  environment: string
  address: string | null
  host: string | null
  pid: number | null
  runtime: string | null
  sdk: string | null
}

export const DEFAULT_ENVIRONMENT = 'sandbox'
const MAX_NAME_CHARACTERS = 255
/** An address is an opaque string of at most 2 KiB. */
export const MAX_ADDRESS_BYTES = 2048
const MAX_PID = 2 ** 31 - 1

/** A header's `node`; null where its id or service is missing. Optional fields that aren't usable are left out. */
export function readNode(value: unknown): NodeInfo | null {
  if (!isObject(value)) return null
  const { id, service, pid } = value
  const name = readName(service)
  if (!isUuid(id) || name === null) return null
  const address = typeof value['address'] === 'string' ? mendText(value['address']) : null
  return {
    uuid: id.toLowerCase(),
    service: name,
    version: readName(value['version']) ?? '',
    environment: readName(value['environment']) ?? DEFAULT_ENVIRONMENT,
    address: address !== null && Buffer.byteLength(address) <= MAX_ADDRESS_BYTES ? address : null,
    host: readName(value['host']),
    pid: typeof pid === 'number' && Number.isInteger(pid) && pid >= 0 && pid <= MAX_PID ? pid : null,
    runtime: readName(value['runtime']),
    sdk: readName(value['sdk']),
  }
}

/** A name of 1 to 255 characters; null for anything else. */
export function readName(value: unknown): string | null {
  if (typeof value !== 'string' || value === '' || value.length > MAX_NAME_CHARACTERS) return null
  return mendText(value)
}
