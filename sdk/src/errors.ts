import { describeNode, type Node } from './discovery/node.js'

/** Why a call was not made, or not waited for. Tell them apart by class or by `code`. */
export abstract class CallError extends Error {
  abstract readonly code: string
  readonly service: string
  readonly version: string

  constructor(message: string, service: string, version: string) {
    super(message)
    this.service = service
    this.version = version
  }
}

const MOST_NAMED = 8

/** No node serves this service and version, and none came in time. */
export class NoNodeError extends CallError {
  override readonly name = 'NoNodeError'
  readonly code = 'no_node'
  /** Nodes of the service that are known, all of other versions. */
  readonly known: readonly Node[]

  constructor(service: string, version: string, { waitedMs, known, advice }: { waitedMs: number; known: readonly Node[]; advice: string }) {
    const named = known.slice(0, MOST_NAMED).map(describeNode).join(', ')
    const more = known.length > MOST_NAMED ? ` and ${known.length - MOST_NAMED} more` : ''
    const others = named === '' ? `Nothing is known of ${service}.` : `Known is only ${named}${more}.`
    super(`groundtrack: no node serves ${service} ${version} (waited ${Math.round(waitedMs)} ms). ${others} ${advice}`, service, version)
    this.known = known
  }
}

/** All nodes that serve it failed again and again, and are cut off for a while: nothing was sent. */
export class BreakerOpenError extends CallError {
  override readonly name = 'BreakerOpenError'
  readonly code = 'breaker_open'
  /** The nodes that are cut off. */
  readonly nodes: readonly Node[]
  /** Milliseconds until the first of them is tried again. */
  readonly retestInMs: number

  constructor(
    service: string,
    version: string,
    { nodes, retestInMs, reason }: { nodes: readonly Node[]; retestInMs: number; reason: string },
  ) {
    const all = nodes.length === 1 ? 'its only node is' : `all its ${nodes.length} nodes are`
    const when = `the next is tried again in ${Math.ceil(retestInMs / 1_000)} s`
    super(`groundtrack: ${service} ${version} was not called: ${all} cut off by an open breaker (${reason}); ${when}.`, service, version)
    this.nodes = nodes
    this.retestInMs = retestInMs
  }
}

/** The deadline passed before the work of a call was done, or before it began. */
export class DeadlineError extends CallError {
  override readonly name = 'DeadlineError'
  readonly code = 'deadline_exceeded'

  constructor(service: string, version: string, sent: boolean) {
    const what = sent ? 'did not answer before the deadline' : 'was not called: the deadline had passed'
    super(`groundtrack: ${service} ${version} ${what}.`, service, version)
  }
}
