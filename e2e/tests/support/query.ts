interface Items<T> {
  items: T[]
}

/** Messages of all stored events that hold this text, newest first. */
export async function searchMessages(url: string, text: string): Promise<string[]> {
  const { items } = await get<Items<{ message: string }>>(url, `/api/v1/events?${new URLSearchParams({ q: `"${text}"` })}`)
  return items.map(({ message }) => message)
}

export interface ListedSession {
  id: string
  name: string
  outcome: string
  events: number
  services: { name: string }[]
  error?: { service: string; message: string }
}

export async function listSessions(url: string, q: string, limit = 50): Promise<ListedSession[]> {
  return (await get<Items<ListedSession>>(url, `/api/v1/sessions?${new URLSearchParams({ q, limit: String(limit) })}`)).items
}

export async function get<T>(url: string, path: string): Promise<T> {
  const response = await fetch(url + path)
  if (!response.ok) throw new Error(`GET ${path} answered ${response.status} ${await response.text()}`)
  return (await response.json()) as T
}
