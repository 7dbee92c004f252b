import { useMutation, useQueryClient } from '@tanstack/react-query'
import { sendJson } from './client'

/** Keeps a session past retention, or lets it go with the others. */
export function useKeep(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (keep: boolean) => sendJson<{ kept: boolean }>(keep ? 'PUT' : 'DELETE', `/api/v1/sessions/${id}/keep`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['session', id] }),
  })
}
