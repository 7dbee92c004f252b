import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { DeliverySum } from '../lib/deliveries'
import { getJson } from './client'

export interface ProducerDeliveries extends DeliverySum {
  producer: string
  epoch: number | string
  node: string
  lastSeen: string | null
}

export interface ServiceDeliveries extends DeliverySum {
  service: string
  environment: string
  /** Events that came more than once and were stored once. */
  duplicates?: number
  producers: ProducerDeliveries[]
}

/** What became of every event that was logged, per service. Looked at again every ten seconds. */
export function useDeliveries() {
  return useQuery({
    queryKey: ['deliveries'],
    queryFn: ({ signal }) => getJson<{ services: ServiceDeliveries[] }>('/api/v1/deliveries', {}, signal),
    refetchInterval: 10_000,
    placeholderData: keepPreviousData,
    staleTime: 0,
  })
}
