import type { CausalGraph } from './graph.js'
import type { CutEdge } from './merge.js'

/** Something about the shape of a session that its reader should know before trusting it. */
export interface Oddity {
  kind: 'cycle_cut' | 'shared_path' | 'two_nodes' | 'two_environments' | 'no_root' | 'deep_clock'
  /** A sentence for people. */
  text: string
  /** The hop that it is about. */
  span?: string
}

/** What people call a node, and the environment that it says it runs in. */
export interface NodeWords {
  name: string
  environment: string
}

// Forged data can be odd in every event: beyond so many of one kind they are only counted.
const MAX_OF_A_KIND = 10
/** Levels of a path. One more, and its events' clocks are as long as a clock may be. */
const DEEPEST = 62
const GREATEST_NUMBER = 1_000_000_000

/** `cut`: of orderByCause. `wordsFor` a node's UUID; undefined where nobody knows it. Cost: linear. */
export function findOddities(graph: CausalGraph, cut: readonly CutEdge[], wordsFor: (node: string) => NodeWords | undefined): Oddity[] {
  const name = (node: string) => wordsFor(node)?.name ?? (node === '' ? 'an unknown node' : node)
  return [
    ...limit('cycle_cut', [...cutCallers(graph, name), ...cutEdges(graph, cut, name)]),
    ...limit('shared_path', sharedPaths(graph, name)),
    ...limit('two_nodes', hopsOfTwoNodes(graph, name)),
    ...limit('two_environments', environments(graph, wordsFor)),
    ...limit('no_root', missingRoot(graph)),
    ...limit('deep_clock', absurdClocks(graph, name)),
  ]
}

type Found = Omit<Oddity, 'kind'>
type Name = (node: string) => string

function limit(kind: Oddity['kind'], found: readonly Found[]): Oddity[] {
  const shown: Oddity[] = found.slice(0, MAX_OF_A_KIND).map((oddity) => ({ kind, ...oddity }))
  const rest = found.length - shown.length
  return rest === 0 ? shown : [...shown, { kind, text: `… and ${rest} more like these.` }]
}

function cutCallers({ tree, cutHops }: CausalGraph, name: Name): Found[] {
  return cutHops.map((h) => {
    const hop = tree.hops[h]
    return {
      text: `A hop of ${name(hop?.node ?? '')} says that it was called by one that it called itself: shown without a caller.`,
      span: hop?.span ?? '',
    }
  })
}

function cutEdges({ events }: CausalGraph, cut: readonly CutEdge[], name: Name): Found[] {
  return cut.map(({ event, cause }) => {
    const [later, earlier] = [events[event], events[cause]]
    const text =
      `Event ${later?.number ?? '?'} of ${name(later?.node ?? '')} and event ${earlier?.number ?? '?'} of ${name(earlier?.node ?? '')} ` +
      'each claim to follow the other: the order ignores one claim.'
    return { text, ...(later?.span && { span: later.span }) }
  })
}

/** Hops of one clock on several nodes that no retry of one call explains: several roots, or forged or confused headers. */
function sharedPaths({ tree, links, events }: CausalGraph, name: Name): Found[] {
  const first = new Map<string, number>()
  const found: Found[] = []
  for (let h = 0; h < tree.hops.length; h++) {
    const hop = tree.hops[h]
    if (!hop || links[h]?.by === 'parent' || !hop.events.some((event) => events[event]?.number !== null)) continue
    if (hop.path.length === 0 && hop.parent !== null) continue
    const key = hop.path.join('.')
    const twin = tree.hops[first.get(key) ?? -1]
    if (!twin) first.set(key, h)
    else if (twin.node !== hop.node && (hop.parent === null || twin.parent !== hop.parent)) {
      const what = hop.path.length === 0 ? 'claim to begin this session' : `claim the clock [${describePath(hop.path)}]`
      found.push({ text: `Both ${name(twin.node)} and ${name(hop.node)} ${what}.`, span: hop.span })
    }
  }
  return found
}

function hopsOfTwoNodes({ tree, events }: CausalGraph, name: Name): Found[] {
  const found: Found[] = []
  for (const hop of tree.hops) {
    const other = hop.events.find((event) => events[event]?.node !== hop.node)
    if (other === undefined) continue
    found.push({ text: `Events of one hop come from ${name(hop.node)} and from ${name(events[other]?.node ?? '')}.`, span: hop.span })
  }
  return found
}

function environments({ tree }: CausalGraph, wordsFor: (node: string) => NodeWords | undefined): Found[] {
  const seen = new Set<string>()
  for (const node of new Set(tree.hops.map((hop) => hop.node))) {
    const environment = wordsFor(node)?.environment ?? ''
    if (environment !== '') seen.add(environment)
  }
  if (seen.size < 2) return []
  const names = [...seen].toSorted()
  return [{ text: `This session runs over ${names.length} environments: ${names.slice(0, MAX_OF_A_KIND).join(', ')}.` }]
}

function missingRoot({ tree, links }: CausalGraph): Found[] {
  if (tree.hops.length === 0 || links.some((link) => link.by === 'root')) return []
  const topmost = tree.hops.find((_, h) => (links[h]?.caller ?? -1) < 0)
  const parent = topmost?.parent ? ` Its caller ${topmost.parent} was not seen.` : ''
  return [{ text: `The hop that began this session was not seen.${parent}`, ...(topmost && { span: topmost.span }) }]
}

function absurdClocks({ tree, events }: CausalGraph, name: Name): Found[] {
  const greatest = new Map<string, number>()
  for (const { callee } of events) if (callee) greatest.set(callee.span, Math.max(greatest.get(callee.span) ?? 0, callee.last))
  const found: Found[] = []
  for (const hop of tree.hops) {
    const claimed = greatest.get(hop.span) ?? 0
    greatest.delete(hop.span)
    const most = hop.path.reduce((a, b) => Math.max(a, b), Math.max(claimed, hop.reached.at(-1) ?? 0))
    if (hop.path.length > DEEPEST)
      found.push({ text: `Clocks of ${name(hop.node)} are ${hop.path.length + 1} numbers long.`, span: hop.span })
    else if (most > GREATEST_NUMBER) found.push({ text: `A clock of ${name(hop.node)} counts to ${most}.`, span: hop.span })
  }
  for (const [span, last] of greatest)
    if (last > GREATEST_NUMBER) found.push({ text: `A return names a hop of ${last} events, of which none was seen.`, span })
  return found
}

function describePath(path: readonly number[]): string {
  return path.length <= 8 ? path.join(',') : `${path.slice(0, 4).join(',')},…,${path.slice(-3).join(',')}`
}
