/** What stands behind `?` in the viewer's links. Every state of a page is here, so that every view is a link. */
export interface ListSearch {
  q?: string
  from?: string
  to?: string
  /** Environment; none: all. */
  env?: string
  sort?: 'duration' | 'errors'
}

/** What changes in a link; undefined takes a part away. */
export type ListChange = { [K in keyof ListSearch]?: ListSearch[K] | undefined }

export interface SessionSearch {
  /** The selected line: "{span}:{n}", or the id of an event without a number. */
  e?: string
  /** What is looked for within the session. */
  q?: string
  /** By call where absent. */
  order?: 'cause' | 'clock'
  /** '1': the lines that only say "answered" and "closed" too. */
  all?: '1'
  /** Part of the time that is drawn: "{from}-{to}" in milliseconds from the start. */
  zoom?: string
}

/** A link's parts after a change, without those that were taken away. */
export function changeSearch<T extends object>(now: T, changes: { [K in keyof T]?: T[K] | undefined }): T {
  return withoutAbsent({ ...now, ...changes }) as T
}

type RawSearch = Record<string, unknown>

export function readListSearch(raw: RawSearch): ListSearch {
  const sort = raw['sort'] === 'duration' || raw['sort'] === 'errors' ? raw['sort'] : undefined
  return withoutAbsent({ q: text(raw['q']), from: text(raw['from']), to: text(raw['to']), env: text(raw['env']), sort })
}

export function readSessionSearch(raw: RawSearch): SessionSearch {
  const order = raw['order'] === 'cause' || raw['order'] === 'clock' ? raw['order'] : undefined
  const zoom = text(raw['zoom'])
  return withoutAbsent({
    e: text(raw['e']),
    q: text(raw['q']),
    order,
    all: raw['all'] === '1' ? '1' : undefined,
    zoom: zoom !== undefined && readZoom(zoom) !== undefined ? zoom : undefined,
  })
}

/** "120-480.5" → [120, 480.5]; undefined where it is no span of time. */
export function readZoom(zoom: string | undefined): [number, number] | undefined {
  const match = /^(-?\d+(?:\.\d+)?)-(-?\d+(?:\.\d+)?)$/.exec(zoom ?? '')
  const [from, to] = [Number(match?.[1]), Number(match?.[2])]
  return to > from ? [from, to] : undefined
}

/** Plain `name=value` pairs: links stay readable, and can be typed. */
export function parseSearch(search: string): RawSearch {
  return Object.fromEntries(new URLSearchParams(search))
}

export function stringifySearch(search: RawSearch): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) if (typeof value === 'string' && value !== '') parameters.set(name, value)
  const joined = parameters.toString().replaceAll('%3A', ':').replaceAll('%2C', ',')
  return joined === '' ? '' : `?${joined}`
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

type WithoutAbsent<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

function withoutAbsent<T extends object>(search: T): WithoutAbsent<T> {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as WithoutAbsent<T>
}
