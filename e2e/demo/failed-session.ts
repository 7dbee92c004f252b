interface ListedSession {
  id: string
  name: string
  error?: { service: string; message: string }
}

/** The page of the newest failed session of the demo and what went wrong in it; undefined while none is listed. */
export async function findFailedSession(collectorUrl: string): Promise<string | undefined> {
  const query = new URLSearchParams({ q: 'outcome:failed environment:demo', limit: '1' })
  try {
    const response = await fetch(`${collectorUrl}/api/v1/sessions?${query}`, { signal: AbortSignal.timeout(5_000) })
    const { items } = (await response.json()) as { items: ListedSession[] }
    const [session] = items
    if (!session) return undefined
    const reason = session.error ? ` · ${session.error.service}: ${session.error.message}` : ''
    return `${collectorUrl}/s/${session.id}\n  ${session.name}${reason}`
  } catch {
    return undefined
  }
}
