import { createContext, use, useEffect, useState } from 'react'
import { applyTheme, keepTheme, readTheme, type Theme } from '../lib/theme.ts'

export interface ThemeState {
  theme: Theme
  setTheme: (theme: Theme) => void
}

export const ThemeContext = createContext<ThemeState>({ theme: 'system', setTheme: () => {} })

/** The theme in use, for Settings. In the desktop app Settings also keeps it with `desktop.save`. */
export function useTheme(): ThemeState {
  return use(ThemeContext)
}

/** Of the app itself, once. */
export function useThemeState(): ThemeState {
  const [theme, setTheme] = useState(readTheme)
  useEffect(() => applyTheme(theme), [theme])
  const choose = (chosen: Theme) => {
    keepTheme(chosen)
    setTheme(chosen)
  }
  return { theme, setTheme: choose }
}
