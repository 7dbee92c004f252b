import type { ServiceMap } from '@groundtrack/collector/api'
import { useMemo } from 'react'
import { useBreakers } from '../../api/breakers'
import { useNodes } from '../../api/nodes'
import type { MapTime } from '../../lib/map-time'
import { isNow, isWithinReach, withStatesThen } from '../../lib/states-then'

export interface MapThen {
  map: ServiceMap | undefined
  /** States of nodes and breakers are of the moment that is shown; else nobody can tell them any more. */
  isStateTold: boolean
}

/** A map of an earlier moment carries the states of that moment, as far back as they are known. */
export function useMapThen(map: ServiceMap | undefined, { seconds, toMs }: MapTime, environment: string | undefined): MapThen {
  const nowMs = map === undefined ? 0 : Date.parse(map.asOf)
  const isPast = map !== undefined && toMs !== undefined && !isNow({ fromMs: 0, toMs }, nowMs)
  const nodes = useNodes(environment, false, isPast).data
  const breakers = useBreakers(environment, false, isPast).data
  return useMemo(() => {
    if (!isPast || toMs === undefined) return { map, isStateTold: true }
    const moment = { fromMs: toMs - Math.min(seconds, LONGEST_SECONDS) * 1_000, toMs }
    const then = withStatesThen(map, moment, nowMs, nodes?.nodes ?? [], breakers?.breakers ?? [])
    return { map: then, isStateTold: isWithinReach(moment, nowMs) }
  }, [map, isPast, toMs, seconds, nowMs, nodes, breakers])
}

/** Of a whole day the states at its end are told, not the worst of the day. */
const LONGEST_SECONDS = 900
