import { chatDialects, type ProviderConfig } from '../config/schema.ts'
import type { DialectId } from '../dialects/dialect.ts'
import { userBase } from './base-url.ts'
import type { Endpoint, EndpointRow, Provider, ProviderRow } from './types.ts'

export type ChatDialect = (typeof chatDialects)[number]

/**
 * Which of a row's endpoints a configured provider has, in order of preference: those the user named, then what is
 * not about chat (legacy completions, embeddings); where nothing was named, those that fit the address.
 */
export function chooseEndpoints(row: ProviderRow, { dialects, baseUrl }: ChoiceConfig): EndpointRow[] {
  const isHome = isHomeAddress(row, baseUrl)
  if (dialects === undefined)
    return row.endpoints.filter(({ when }) => when === undefined || (when === 'home' && isHome))
  const named = dialects.flatMap((dialect) => row.endpoints.find((endpoint) => endpoint.dialect === dialect) ?? [])
  return [...named, ...row.endpoints.filter(({ dialect }) => !isChatDialect(dialect))]
}

type ChoiceConfig = Pick<ProviderConfig, 'dialects' | 'baseUrl'>

/** Whether the vendor itself is called: at an address of the user's own may be a proxy, which has less. */
function isHomeAddress(row: ProviderRow, baseUrl: string | undefined): boolean {
  return baseUrl === undefined || userBase(row, baseUrl) === row.endpoints[0]?.baseUrl
}

/** Legacy completions are never a stand-in for chat: they know no roles and no tools. */
export function isChatDialect(dialect: DialectId): dialect is ChatDialect {
  return chatDialects.some((each) => each === dialect)
}

/** What a row can be told to speak by `dialects`. */
export function possibleDialects(row: ProviderRow): ChatDialect[] {
  return row.endpoints.map(({ dialect }) => dialect).filter(isChatDialect)
}

/** Where a client of a dialect is served in its own words. `via`: whose address the dialect is spoken at. */
export function nativeEndpoint(provider: Provider, dialect: DialectId, via: DialectId = dialect): Endpoint | undefined {
  const endpoint = provider.endpoints.find((candidate) => candidate.dialect === via)
  return endpoint?.lacks?.includes(dialect) === true ? undefined : endpoint
}

/** Where clients of a dialect that the provider does not speak are translated to. `can`: whether we speak it at all. */
export function translationEndpoint(provider: Provider, can: (dialect: DialectId) => boolean): Endpoint | undefined {
  const usable = provider.endpoints.filter(({ dialect }) => isChatDialect(dialect) && can(dialect))
  return usable.find(({ dialect }) => dialect === provider.translateTo) ?? usable[0]
}
