export type CausalKind = 'log' | 'open' | 'close' | 'call' | 'return' | 'set' | 'breaker'

/** What order, tree and completeness need to know of one event of a session. */
export interface CausalEvent {
  /** Identity of the event; breaks the last tie. */
  id: string
  /** Its hop; null for an event that belongs to the session only. */
  span: string | null
  /** 1, 2, 3 … within its hop; null where the wire numbers nothing. */
  number: number | null
  /** Microseconds since the Unix epoch, by its node's own clock. */
  timeMicros: number
  node: string
  kind: CausalKind
  /** Clock of the call that sent this hop; empty or absent for a root and for hops without numbers. */
  path?: readonly number[]
  /** `open`: parent-id of the traceparent that was joined. */
  parent?: string
  /** `call`, `return`: the call's id. `open`: the id of the sending call, where our tracestate member named it. */
  call?: string
  /** `return`: the hop that answered, and how far it had counted by then. */
  callee?: { span: string; last: number }
  /** `call`: nobody is meant to answer. */
  oneway?: boolean
}

/** Total order of events of one instant by node, hop, number and identity: what breaks the last ties, whatever the order of arrival. */
export function compareEvents(a: CausalEvent, b: CausalEvent): number {
  return (
    compareText(a.node, b.node) || compareText(a.span ?? '', b.span ?? '') || (a.number ?? 0) - (b.number ?? 0) || compareText(a.id, b.id)
  )
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
