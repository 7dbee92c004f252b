import type { Hops } from './hops.js'
import type { HopLink } from './links.js'

/**
 * Ties spans of which nothing tells who called them, since their open is missing, to the call that reached what they called: they
 * passed its header on. Of several such calls the one that comes first in `links` counts. Changes `links`. Cost: linear.
 */
export function linkStrays({ hops }: Hops, links: HopLink[], { hopOf, placeOf }: { hopOf: Int32Array; placeOf: Int32Array }): void {
  for (const [h, child] of links.entries()) {
    const stray = links[child.caller]
    const hop = hops[child.caller]
    const caller = hopOf[child.cause] ?? -1
    if (!stray || !hop || stray.caller >= 0 || hop.open >= 0 || (hop.reached.at(-1) ?? 0) > 0) continue
    if (child.by !== 'parent' || caller < 0 || caller === child.caller || caller === h) continue
    links[child.caller] = {
      caller,
      position: (placeOf[child.cause] ?? 0) + 1,
      cause: child.cause,
      call: child.call,
      by: child.call >= 0 ? 'call' : 'path',
      callNumber: 0,
    }
  }
}
