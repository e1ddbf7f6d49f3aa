import type { ProviderRow } from './types.ts'

/** An endpoint moves with the row's own address: where it lies under it, and where it lies beside it. */
export function movedBaseUrl(row: ProviderRow, base: string | undefined, userBaseUrl: string): string {
  const main = row.endpoints[0]?.baseUrl
  const user = userBase(row, userBaseUrl)
  if (base === undefined || main === undefined) return user
  if (base.startsWith(main)) return user + base.slice(main.length)
  const [own, its] = [parseBaseUrl(main), parseBaseUrl(base)]
  if (own === undefined || its === undefined || own.origin !== its.origin || !user.endsWith(own.basePath)) return base
  return user.slice(0, user.length - own.basePath.length) + its.basePath
}

/**
 * The user's base URL as the row's paths expect it: without what they bring themselves, and with the row's own base
 * path where it is a bare origin (`http://127.0.0.1:11434` is how Ollama's address is written everywhere).
 */
export function userBase(row: ProviderRow, userBaseUrl: string): string {
  const base = withoutEnding(withoutSlashes(userBaseUrl), row.baseUrlEndings)
  const main = row.endpoints[0]?.baseUrl
  const isBareOrigin = /^[a-z]+:\/\/[^/]*$/i.test(base)
  return isBareOrigin && main !== undefined ? base + (parseBaseUrl(main)?.basePath ?? '') : base
}

export function withoutEnding(url: string, endings: readonly string[] = []): string {
  const ending = endings.find((candidate) => url.endsWith(candidate))
  return ending === undefined ? url : url.slice(0, -ending.length)
}

function withoutSlashes(url: string): string {
  let end = url.length
  while (url[end - 1] === '/') end -= 1
  return url.slice(0, end)
}

export function parseBaseUrl(text: string | undefined): { origin: string; basePath: string } | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined
  const url = new URL(text)
  // Credentials and queries in the address would be lost in silence: `resolveProvider` says so.
  if (url.username !== '' || url.password !== '' || url.search !== '') return undefined
  // Not url.origin, which is "null" for demo://local.
  return { origin: `${url.protocol}//${url.host}`, basePath: withoutSlashes(url.pathname) }
}
