import type { BreakerBoard, BreakerState } from '@groundtrack/collector/api'
import { pairName, readPair } from './board-search'
import { compareNames, holdsAll, splitWords } from './board-groups'
import { worstOf } from './breaker-words'

export type ListedBreaker = BreakerBoard['items'][number]

export interface Axis {
  key: string
  name: string
  /** For its colour; undefined where it is an address alone. */
  service: string | undefined
}

/** What stands where a caller's row meets a callee's column. */
export interface MatrixCell {
  state: BreakerState
  breakers: ListedBreaker[]
  /** How many of them are in the worst state. */
  inState: number
}

export interface Matrix {
  callers: Axis[]
  callees: Axis[]
  /** By `pairName` of the axes' keys. */
  cells: ReadonlyMap<string, MatrixCell>
  /** Each row and column is a service with all its nodes, since single nodes would be too many. */
  isByService: boolean
  /** Pairs left out because all their breakers are closed, where even the services are too many. */
  closedPairs: number
}

/** More rows or columns than that are told by service. */
export const MOST_SIDE = 12

/** Breakers as a table of callers and callees; by node where these are few, else by service. */
export function buildMatrix(breakers: readonly ListedBreaker[]): Matrix {
  const byNode = crossTable(breakers, callerNode, calleeNode, false)
  if (byNode.callers.length <= MOST_SIDE && byNode.callees.length <= MOST_SIDE) return byNode
  const byService = crossTable(breakers, callerService, calleeService, true)
  return byService.callers.length <= MOST_SIDE && byService.callees.length <= MOST_SIDE ? byService : withoutClosed(byService)
}

export function cellAt({ cells }: Matrix, caller: Axis, callee: Axis): MatrixCell | undefined {
  return cells.get(pairName(caller.key, callee.key))
}

/** Breakers of one pair of services, or of all, that hold every word. */
export function filterBreakers(
  breakers: readonly ListedBreaker[],
  words: string | undefined,
  pair: string | undefined,
): readonly ListedBreaker[] {
  const wanted = splitWords(words)
  const ends = readPair(pair)
  return breakers.filter(
    (each) =>
      (ends === undefined || (each.caller.service === ends.caller && calleeService(each).key === ends.callee)) &&
      holdsAll(wordsOf(each), wanted),
  )
}

/** By caller, then callee: an order that no state changes. */
export function sortBreakers<T extends Pick<ListedBreaker, 'caller' | 'target' | 'id'>>(breakers: readonly T[]): T[] {
  return breakers.toSorted(
    (a, b) => compareNames(a.caller.name, b.caller.name) || compareNames(a.target.name, b.target.name) || compareNames(a.id, b.id),
  )
}

/** The service that is called, else the address of one that never reported. */
export function calleeService({ target }: Pick<ListedBreaker, 'target'>): Axis {
  const service = target.service
  return service === undefined ? { key: target.name, name: target.name, service: undefined } : { key: service, name: service, service }
}

function callerNode({ caller }: ListedBreaker): Axis {
  return { key: caller.id, name: caller.name, service: caller.service }
}

function calleeNode({ target }: ListedBreaker): Axis {
  return { key: target.id ?? target.address ?? target.name, name: target.name, service: target.service }
}

function callerService({ caller }: ListedBreaker): Axis {
  return { key: caller.service, name: caller.service, service: caller.service }
}

type AxisOf = (breaker: ListedBreaker) => Axis

function crossTable(breakers: readonly ListedBreaker[], callerOf: AxisOf, calleeOf: AxisOf, isByService: boolean): Matrix {
  const callers = new Map<string, Axis>()
  const callees = new Map<string, Axis>()
  const together = new Map<string, ListedBreaker[]>()
  for (const breaker of breakers) {
    const [caller, callee] = [callerOf(breaker), calleeOf(breaker)]
    callers.set(caller.key, caller)
    callees.set(callee.key, callee)
    const key = pairName(caller.key, callee.key)
    const cell = together.get(key)
    if (cell) cell.push(breaker)
    else together.set(key, [breaker])
  }
  const cells = new Map([...together].map(([key, its]) => [key, toCell(its)]))
  return { callers: inOrder(callers), callees: inOrder(callees), cells, isByService, closedPairs: 0 }
}

/** Only rows and columns with something else than closed breakers. */
function withoutClosed(matrix: Matrix): Matrix {
  const isTurned = (caller: Axis, callee: Axis) => (cellAt(matrix, caller, callee)?.state ?? 'closed') !== 'closed'
  const callers = matrix.callers.filter((caller) => matrix.callees.some((callee) => isTurned(caller, callee)))
  const callees = matrix.callees.filter((callee) => callers.some((caller) => isTurned(caller, callee)))
  const kept = callers.flatMap((caller) => callees.filter((callee) => cellAt(matrix, caller, callee) !== undefined)).length
  return { ...matrix, callers, callees, closedPairs: matrix.cells.size - kept }
}

function toCell(breakers: ListedBreaker[]): MatrixCell {
  const state = worstOf(breakers.map((each) => each.state)) ?? 'unknown'
  return { state, breakers: sortBreakers(breakers), inState: breakers.filter((each) => each.state === state).length }
}

function inOrder(axes: Map<string, Axis>): Axis[] {
  return [...axes.values()].toSorted(
    (a, b) => compareNames(a.service ?? '\uffff', b.service ?? '\uffff') || compareNames(a.name, b.name) || compareNames(a.key, b.key),
  )
}

function wordsOf({ id, caller, target }: ListedBreaker): string {
  return `${id}\n${caller.name}\n${caller.service}\n${caller.environment}\n${target.name}\n${target.service ?? ''}\n${target.address ?? ''}`.toLowerCase()
}
