/** Hosts that are no provider's key page and may be opened all the same: the project's own. */
const ownHosts = ['github.com']

/**
 * Says why a page may not be opened in the user's browser; undefined: it may. `allowed`: addresses of the pages where
 * keys are made, from the catalogue.
 */
export function refusedExternal(address: string, allowed: readonly string[]): string | undefined {
  if (!URL.canParse(address)) return 'This is not an address.'
  const url = new URL(address)
  if (url.protocol !== 'https:') return 'Only https:// pages can be opened.'
  if (url.username !== '' || url.password !== '') return 'An address with a user name in it is not opened.'
  const hosts = new Set([
    ...ownHosts,
    ...allowed.filter((page) => URL.canParse(page)).map((page) => new URL(page).host),
  ])
  if (hosts.has(url.host)) return undefined
  return `${url.host} is not a page this app knows. Copy the address to open it yourself.`
}
