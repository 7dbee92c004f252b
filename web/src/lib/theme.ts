import { useSyncExternalStore } from 'react'

export type Theme = 'system' | 'light' | 'dark'

const KEY = 'groundtrack.theme'
const CHANGED = 'groundtrack:theme'

/** The theme that was chosen on this machine; `system` where none was, or nothing can be stored. */
export function readTheme(): Theme {
  try {
    const stored = localStorage.getItem(KEY)
    return stored === 'light' || stored === 'dark' ? stored : 'system'
  } catch {
    return 'system'
  }
}

export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
  window.dispatchEvent(new Event(CHANGED))
}

export function useTheme(): [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore(subscribe, readTheme)
  return [theme, chooseTheme]
}

function chooseTheme(theme: Theme): void {
  try {
    if (theme === 'system') localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, theme)
  } catch {
    // Storage is off: the choice holds until the page is left.
  }
  applyTheme(theme)
}

/** Calls back when colours change, by choice or because the system's did. */
export function subscribe(onChange: () => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)')
  window.addEventListener(CHANGED, onChange)
  system.addEventListener('change', onChange)
  return () => {
    window.removeEventListener(CHANGED, onChange)
    system.removeEventListener('change', onChange)
  }
}
