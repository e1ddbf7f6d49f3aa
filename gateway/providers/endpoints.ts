import type { ProviderConfig } from '../config/schema.ts'
import { endpointHeaders } from './headers.ts'
import type { Endpoint, EndpointRow, Provider, ProviderRow } from './types.ts'

/** The row's endpoints at the user's address, with their headers. Empty where there is no usable address. */
export function resolveEndpoints(row: ProviderRow, config: ProviderConfig, apiKey: string | undefined): Endpoint[] {
  return row.endpoints.flatMap((endpoint) => {
    const url = parseBaseUrl(endpointBaseUrl(row, endpoint, config.baseUrl))
    if (url === undefined) return []
    const headers = endpointHeaders(endpoint.auth ?? row.auth, apiKey, row.headers, config.headers)
    return [{ dialect: endpoint.dialect, ...url, path: pathTemplate(endpoint, config.apiVersion), headers }]
  })
}

function endpointBaseUrl(row: ProviderRow, endpoint: EndpointRow, userBaseUrl: string | undefined): string | undefined {
  if (userBaseUrl === undefined) return endpoint.baseUrl
  const main = row.endpoints[0]?.baseUrl
  const user = userBase(row, main, userBaseUrl)
  if (endpoint.baseUrl === undefined || main === undefined) return user
  return endpoint.baseUrl.startsWith(main) ? user + endpoint.baseUrl.slice(main.length) : endpoint.baseUrl
}

/**
 * The user's base URL as the row's paths expect it: without what they bring themselves, and with the row's own base
 * path where it is a bare origin (`http://127.0.0.1:11434` is how Ollama's address is written everywhere).
 */
function userBase(row: ProviderRow, main: string | undefined, userBaseUrl: string): string {
  let base = withoutSlashes(userBaseUrl)
  const ending = row.baseUrlEndings?.find((candidate) => base.endsWith(candidate))
  if (ending !== undefined) base = base.slice(0, -ending.length)
  const isBareOrigin = /^[a-z]+:\/\/[^/]*$/i.test(base)
  return isBareOrigin && main !== undefined ? base + (parseBaseUrl(main)?.basePath ?? '') : base
}

function withoutSlashes(url: string): string {
  let end = url.length
  while (url[end - 1] === '/') end -= 1
  return url.slice(0, end)
}

function parseBaseUrl(text: string | undefined): { origin: string; basePath: string } | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined
  const url = new URL(text)
  // Credentials and queries in the address would be lost in silence: `resolveProvider` says so.
  if (url.username !== '' || url.password !== '' || url.search !== '') return undefined
  // Not url.origin, which is "null" for demo://local.
  return { origin: `${url.protocol}//${url.host}`, basePath: withoutSlashes(url.pathname) }
}

function pathTemplate(endpoint: EndpointRow, apiVersion: string | undefined): string | undefined {
  if (apiVersion === undefined || endpoint.versionedPath === undefined) return endpoint.path
  return endpoint.versionedPath.replace('{apiVersion}', () => encodeURIComponent(apiVersion))
}

/** Where the provider lists its models, which also proves the key; undefined where it has no address. */
export function modelsRequest(
  provider: Provider,
): { origin: string; path: string; headers: Record<string, string> } | undefined {
  const [main] = provider.endpoints
  if (main === undefined) return undefined
  // Resolved on a stand-in host, because only the path may move.
  const url = new URL(provider.row.modelsPath ?? 'models', `http://host${main.basePath}/`)
  return { origin: main.origin, path: url.pathname, headers: main.headers }
}
