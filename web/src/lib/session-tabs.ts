import type { SessionSearch } from './search-state'

/** Ways to look at a session; undefined is the list. */
export type SessionTab = SessionSearch['tab']

export const TABS: readonly { tab: SessionTab; name: string; tip: string }[] = [
  { tab: undefined, name: 'List', tip: 'Every line, with the time that its step took' },
  { tab: 'space-time', name: 'Space-time', tip: 'A line per process, and the messages between them' },
  { tab: 'summary', name: 'Summary', tip: 'Where the time went, by service, and the slowest calls' },
]

/** The tab so many further on, round at the end. */
export function nextTab(tab: SessionTab, by = 1): SessionTab {
  const at = TABS.findIndex((each) => each.tab === tab)
  return TABS[(at + by + TABS.length) % TABS.length]?.tab
}
