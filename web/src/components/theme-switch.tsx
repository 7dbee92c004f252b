import { Monitor, Moon, Sun } from 'lucide-react'
import { useTheme, type Theme } from '../lib/theme'

const NEXT: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' }
const WORDS: Record<Theme, string> = { system: 'as the system', light: 'light', dark: 'dark' }

/** Goes round: as the system, light, dark. */
export function ThemeSwitch() {
  const [theme, setTheme] = useTheme()
  const Icon = theme === 'system' ? Monitor : theme === 'light' ? Sun : Moon
  const words = `Colours: ${WORDS[theme]}. Change to ${WORDS[NEXT[theme]]}`
  return (
    <button type="button" className="rail-entry" title={words} aria-label={words} onClick={() => setTheme(NEXT[theme])}>
      <Icon size={18} aria-hidden />
    </button>
  )
}
