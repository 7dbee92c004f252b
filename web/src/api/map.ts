import type { ServiceMap } from '@groundtrack/collector/api'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { isoOf } from '../lib/instant'
import type { MapTime } from '../lib/map-time'
import { getJson } from './client'
import { LIVE_MS } from './nodes'

/** Who calls whom in a stretch of time. One that ends now is looked at again twice a second while `live`. */
export function useMap({ seconds, toMs }: MapTime, environment: string | undefined, live: boolean) {
  return useQuery({
    queryKey: ['map', seconds, toMs, environment],
    queryFn: ({ signal }) => {
      const times = toMs === undefined ? { from: `-${seconds}s`, to: 'now' } : { from: isoOf(toMs - seconds * 1_000), to: isoOf(toMs) }
      return getJson<ServiceMap>('/api/v1/map', { ...times, environment }, signal)
    },
    refetchInterval: live && toMs === undefined ? LIVE_MS : false,
    placeholderData: keepPreviousData,
    staleTime: toMs === undefined ? 0 : 60_000,
    retry: false,
  })
}
