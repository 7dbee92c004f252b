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
  /** A second line, to be asked how it stands to the selected one. */
  b?: string
  /** What is looked for within the session. */
  q?: string
  /** '1': only the lines that match, and what they lie in. */
  only?: '1'
  /** The list where absent. */
  tab?: 'space-time' | 'summary'
  /** Folded steps by their spans, and "@service" for all steps of a service, separated by commas. */
  fold?: string
  /** '0': does not follow the session while it runs. */
  live?: '0'
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

export type RawSearch = Record<string, unknown>

export function readListSearch(raw: RawSearch): ListSearch {
  const sort = raw['sort'] === 'duration' || raw['sort'] === 'errors' ? raw['sort'] : undefined
  return withoutAbsent({ q: readText(raw['q']), from: readText(raw['from']), to: readText(raw['to']), env: readText(raw['env']), sort })
}

export function readSessionSearch(raw: RawSearch): SessionSearch {
  const order = raw['order'] === 'cause' || raw['order'] === 'clock' ? raw['order'] : undefined
  const zoom = readText(raw['zoom'])
  const tab = raw['tab'] === 'space-time' || raw['tab'] === 'summary' ? raw['tab'] : undefined
  return withoutAbsent({
    e: readText(raw['e']),
    b: readText(raw['b']),
    q: readText(raw['q']),
    only: raw['only'] === '1' ? '1' : undefined,
    tab,
    order,
    all: raw['all'] === '1' ? '1' : undefined,
    fold: readText(raw['fold']),
    live: raw['live'] === '0' ? '0' : undefined,
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
  const joined = parameters.toString().replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%40', '@')
  return joined === '' ? '' : `?${joined}`
}

/** A part of a link that is there and not empty. */
export function readText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

type WithoutAbsent<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

export function withoutAbsent<T extends object>(search: T): WithoutAbsent<T> {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as WithoutAbsent<T>
}
