import { useSyncExternalStore } from 'react'

/**
 * Where the window is: `#/traffic?range=7d`. Path and parameters both stand in the fragment, which works under app://,
 * under /ui/ and in a bookmark; wouter's own hash location puts the parameters in front of it.
 */

/** For wouter's `<Router hook>`. */
export function useHashPath(): [string, typeof navigate] {
  return [useSyncExternalStore(subscribe, currentPath), navigate]
}
useHashPath.hrefs = (href: string) => `#${href}`

/** For wouter's `<Router searchHook>`. */
export function useHashSearch(): string {
  return useSyncExternalStore(subscribe, currentSearch)
}

/** `/traffic?outcome=failed` */
export function navigate(to: string, options: { replace?: boolean } = {}): void {
  history[options.replace === true ? 'replaceState' : 'pushState'](null, '', `#${to.startsWith('/') ? to : `/${to}`}`)
  // Neither of the two tells anybody.
  dispatchEvent(new HashChangeEvent('hashchange'))
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener)
  return () => removeEventListener('hashchange', listener)
}

function parts(): [path: string, search: string] {
  const hash = location.hash.slice(1)
  const question = hash.indexOf('?')
  return question === -1 ? [hash, ''] : [hash.slice(0, question), hash.slice(question + 1)]
}

function currentPath(): string {
  const [path] = parts()
  return path.startsWith('/') ? path : `/${path}`
}

function currentSearch(): string {
  return parts()[1]
}
