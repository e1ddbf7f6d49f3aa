import type { ProviderConfig } from '../config/schema.ts'
import { movedBaseUrl, parseBaseUrl, withoutEnding } from './base-url.ts'
import { chooseEndpoints } from './choose-endpoints.ts'
import { endpointHeaders } from './headers.ts'
import type { Endpoint, EndpointRow, Provider, ProviderRow } from './types.ts'

/** The endpoints to use, in order of preference, at the user's address. Empty where there is no usable address. */
export function resolveEndpoints(row: ProviderRow, config: ProviderConfig, apiKey: string | undefined): Endpoint[] {
  return chooseEndpoints(row, config).flatMap((endpoint) => resolveEndpoint(endpoint, { row, config, apiKey }) ?? [])
}

/** undefined where there is no usable address. */
export function resolveEndpoint(
  endpoint: EndpointRow,
  { row, config, apiKey }: { row: ProviderRow; config: ProviderConfig; apiKey: string | undefined },
): Endpoint | undefined {
  const url = parseBaseUrl(endpointBaseUrl(row, endpoint, config.baseUrl))
  if (url === undefined) return undefined
  const headers = endpointHeaders(endpoint.auth ?? row.auth, apiKey, row.headers, config.headers)
  const { dialect, lacks } = endpoint
  const path = pathTemplate(endpoint, config.apiVersion)
  return { dialect, ...url, path, headers, ...(lacks === undefined ? {} : { lacks }) }
}

function endpointBaseUrl(row: ProviderRow, endpoint: EndpointRow, userBaseUrl: string | undefined): string | undefined {
  const base = userBaseUrl === undefined ? endpoint.baseUrl : movedBaseUrl(row, endpoint.baseUrl, userBaseUrl)
  return base === undefined ? undefined : withoutEnding(base, endpoint.baseUrlEndings)
}

function pathTemplate(endpoint: EndpointRow, apiVersion: string | undefined): string | undefined {
  if (apiVersion === undefined || endpoint.versionedPath === undefined) return endpoint.path
  return endpoint.versionedPath.replace('{apiVersion}', () => encodeURIComponent(apiVersion))
}

/** Where the provider lists its models, which also proves the key; undefined where it has no address. */
export function modelsRequest(
  provider: Provider,
): { origin: string; path: string; headers: Record<string, string> } | undefined {
  const { home: main } = provider
  if (main === undefined) return undefined
  // Resolved on a stand-in host, because only the path may move.
  const url = new URL(provider.row.modelsPath ?? 'models', `http://host${main.basePath}/`)
  return { origin: main.origin, path: url.pathname, headers: main.headers }
}
