import type { CallView, EventView, Hop, NodeView, SessionRow, SessionView } from '@groundtrack/collector/api'

export const NOON = Date.UTC(2026, 0, 15, 12)

/** ISO instant so many milliseconds after noon. */
export function after(ms: number): string {
  return new Date(NOON + ms).toISOString()
}

export function aNode(service: string, over: Partial<NodeView> = {}): NodeView {
  return { id: `${service}-node`, name: `${service}-1`, service, version: '1.0', environment: 'sandbox', state: 'up', ...over }
}

/** A step of 100 ms that ended well, its process named after its service. */
export function aHop(span: string, service: string, over: Partial<Hop> = {}): Hop {
  return {
    span,
    parent: null,
    parentSpan: null,
    node: `${service}-node`,
    service,
    path: [],
    name: `POST /${service}`,
    opened: after(0),
    closed: after(100),
    status: 'ok',
    events: 3,
    errors: 0,
    last: 3,
    state: 'ok',
    ...over,
  }
}

export function aCall(call: string, span: string, over: Partial<CallView> = {}): CallView {
  return { call, span, n: 2, target: null, started: after(10), ended: after(90), status: 'ok', callees: [], ...over }
}

export function anEvent(span: string, n: number, over: Partial<EventView> = {}): EventView {
  return {
    id: `${span}-${n}`,
    seq: String(n),
    session: '0193a7c25061f499ebf4376c8fc89f41',
    span,
    clock: [n],
    kind: 'log',
    node: 'storefront-node',
    service: 'storefront',
    environment: 'sandbox',
    time: after(n),
    received: after(200),
    level: 'info',
    category: '',
    message: `line ${n}`,
    attributes: null,
    flags: [],
    ...over,
  }
}

export function aView(parts: Partial<Omit<SessionView, 'session'>> & { session?: Partial<SessionView['session']> }): SessionView {
  const { session, ...rest } = parts
  return {
    session: {
      id: '0193a7c25061f499ebf4376c8fc89f41',
      started: after(0),
      durationMs: 100,
      name: 'POST /checkout',
      root: null,
      services: [],
      events: 3,
      errors: 0,
      outcome: 'ok',
      missing: 0,
      complete: true,
      environment: 'sandbox',
      properties: {},
      derived: [],
      missingByState: {},
      kept: false,
      ...session,
    },
    hops: [],
    calls: [],
    nodes: [],
    missing: [],
    breakers: [],
    clockSteps: [],
    oddities: [],
    ...rest,
  }
}

/** A storefront that calls a checkout, which fails. Spans: front, check. */
export function aFailedCheckout(): { view: SessionView; rows: SessionRow[] } {
  const view = aView({
    session: { outcome: 'failed', errors: 2, error: { service: 'checkout', node: 'checkout-node', message: 'no node left' } },
    hops: [
      aHop('front', 'storefront', { state: 'failed', status: 'error', errors: 1 }),
      aHop('check', 'checkout', { parentSpan: 'front', opened: after(20), closed: after(80), state: 'failed', status: 'error', errors: 1 }),
    ],
    calls: [aCall('c1', 'front', { callees: ['check'], status: 'error' })],
    nodes: [aNode('checkout'), aNode('storefront')],
  })
  const rows = [
    anEvent('front', 1, { kind: 'open', name: 'POST /checkout' }),
    anEvent('front', 2, { kind: 'call', call: 'c1' }),
    anEvent('check', 1, { kind: 'open', name: 'POST /orders' }),
    anEvent('check', 2, { level: 'error', message: 'no node left' }),
    anEvent('check', 3, { kind: 'close', status: 'error', message: '' }),
    anEvent('front', 3, { kind: 'return', call: 'c1', status: 'error', callee: { span: 'check', last: 2 }, message: '' }),
    anEvent('front', 4, { level: 'error', message: 'checkout answered 502' }),
    anEvent('front', 5, { kind: 'close', status: 'ok', message: '' }),
  ]
  return { view, rows }
}
