/** The `tracestate` header: ours is the member `gt=<call's span>:<path>`, others are kept in order. */

export interface CausalMember {
  call: string
  path: number[]
}

export interface TraceState {
  gt?: CausalMember
  /** Members of others, as they came. */
  others: string[]
}

const MAX_MEMBERS = 32
const MAX_HEADER_LENGTH = 16_384
const MAX_MEMBER_LENGTH = 256
const MAX_LEVELS = 64
const MAX_NUMBER = 2 ** 31 - 1
const MEMBER = /^[a-z0-9][a-z0-9_\-*/@]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/
const GT = /^gt=([0-9a-f]{16}):(\d{1,10}(?:\.\d{1,10}){0,63})$/

/** Never throws: members that are malformed or doubled are left out. */
export function parseTraceState(header: string | undefined): TraceState {
  const state: TraceState = { others: [] }
  if (header === undefined || header.length > MAX_HEADER_LENGTH) return state
  const keys = new Set<string>()
  for (const part of header.split(',')) {
    const member = part.trim()
    const key = member.slice(0, Math.max(0, member.indexOf('=')))
    if (keys.has(key) || !MEMBER.test(member)) continue
    keys.add(key)
    if (key !== 'gt') state.others.push(member)
    else {
      const gt = parseMember(member)
      if (gt !== undefined) state.gt = gt
    }
  }
  return state
}

/** undefined when the member would be too long: the callee is then tied by its parent alone. */
export function formatCausalMember(call: string, path: readonly number[]): string | undefined {
  const member = `gt=${call}:${path.join('.')}`
  return path.length > MAX_LEVELS || member.length > MAX_MEMBER_LENGTH ? undefined : member
}

/** Ours in front, at most 32 in all; empty when there is none. */
export function formatTraceState(ours: string | undefined, others: readonly string[]): string {
  return (ours === undefined ? [...others] : [ours, ...others]).slice(0, MAX_MEMBERS).join(',')
}

function parseMember(member: string): CausalMember | undefined {
  const [, call, dotted] = GT.exec(member) ?? []
  if (call === undefined || dotted === undefined || /^0+$/.test(call) || member.length > MAX_MEMBER_LENGTH) return undefined
  const path = dotted.split('.').map(Number)
  return path.every((number) => number <= MAX_NUMBER) ? { call, path } : undefined
}
