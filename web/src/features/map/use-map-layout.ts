import type { ServiceMap } from '@groundtrack/collector/api'
import { useState } from 'react'
import { isSameTopology, joinTopology, layoutMap, type MapLayout, type Topology } from '../../lib/map-layout'

const NOBODY: Topology = { services: [], edges: [] }

interface Drawn {
  scope: string
  topology: Topology
  layout: MapLayout
}

/**
 * Places for everybody who was on the map since it was opened: who falls silent keeps the place, and only somebody new moves
 * others. Forgotten when the scope (environment and time) is another.
 */
export function useMapLayout(scope: string, ...maps: (ServiceMap | undefined)[]): MapLayout | undefined {
  const [drawn, setDrawn] = useState<Drawn>()
  const known = drawn?.scope === scope ? drawn : undefined
  const loaded = maps.filter((map) => map !== undefined)
  if (loaded.length === 0) return known?.layout
  const topology = joinTopology(known?.topology ?? NOBODY, loaded)
  if (known && isSameTopology(known.topology, topology)) return known.layout
  const next = { scope, topology, layout: layoutMap(topology) }
  setDrawn(next)
  return next.layout
}
