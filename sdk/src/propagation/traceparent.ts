/** W3C Trace Context, level 2: https://www.w3.org/TR/trace-context-2/ */

export interface TraceParent {
  session: string
  parent: string
  /** Two hex digits, passed on unchanged. */
  flags: string
}

const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/** undefined for anything that is no valid header; versions after 00 are read by their first four fields, as the standard says. */
export function parseTraceParent(header: string | undefined): TraceParent | undefined {
  if (header === undefined || header.length > 512) return undefined
  const [, version, session = '', parent = '', flags = '', rest] = FORM.exec(header.trim()) ?? []
  if (version === undefined || version === 'ff' || (version === '00' && rest !== undefined)) return undefined
  if (/^0+$/.test(session) || /^0+$/.test(parent)) return undefined
  return { session, parent, flags }
}

export function formatTraceParent({ session, parent, flags }: TraceParent): string {
  return `00-${session}-${parent}-${flags}`
}
