/** `data-theme` on the page decides all colours; "system" follows the machine. */
export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const storageKey = 'theme'
const darkQuery = '(prefers-color-scheme: dark)'

export function readTheme(): Theme {
  return themes.find((theme) => theme === localStorage.getItem(storageKey)) ?? 'system'
}

/** Keeps it for the next start, where it counts before anything is drawn. */
export function keepTheme(theme: Theme): void {
  localStorage.setItem(storageKey, theme)
}

/** Returns how to stop following the system. */
export function applyTheme(theme: Theme): () => void {
  const dark = matchMedia(darkQuery)
  const apply = () => {
    const isDark = theme === 'dark' || (theme === 'system' && dark.matches)
    document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light'
  }
  apply()
  dark.addEventListener('change', apply)
  return () => dark.removeEventListener('change', apply)
}
