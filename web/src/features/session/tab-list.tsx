import type { KeyboardEvent } from 'react'
import { nextTab, TABS, type SessionTab } from '../../lib/session-tabs'

export const TAB_PANEL = 'session-panel'

export function tabId(tab: SessionTab): string {
  return `session-tab-${tab ?? 'list'}`
}

/** List, Space-time, Summary. Arrow keys go from one to the next, as does `t` anywhere. */
export function TabList({ tab, onTab }: { tab: SessionTab; onTab: (tab: SessionTab) => void }) {
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (by === 0) return
    event.preventDefault()
    const next = nextTab(tab, by)
    onTab(next)
    document.getElementById(tabId(next))?.focus()
  }
  return (
    <div className="tab-list" role="tablist" aria-label="Ways to look at this session" tabIndex={-1} onKeyDown={move}>
      {TABS.map((each) => (
        <button
          key={each.name}
          type="button"
          role="tab"
          id={tabId(each.tab)}
          aria-selected={each.tab === tab}
          aria-controls={TAB_PANEL}
          tabIndex={each.tab === tab ? 0 : -1}
          title={`${each.tip} (t)`}
          onClick={() => onTab(each.tab)}
        >
          {each.name}
        </button>
      ))}
    </div>
  )
}
