import type { AuthScheme } from './types.ts'

/** The header that carries the key; undefined where the scheme needs none. */
export function authHeaderName(auth: AuthScheme): string | undefined {
  if (auth.scheme === 'header') return auth.header
  return auth.scheme === 'bearer' ? 'authorization' : undefined
}

/** Row's headers, then the key, then the user's own, which win: an Entra token in place of an Azure key, say. */
export function endpointHeaders(
  auth: AuthScheme,
  apiKey: string | undefined,
  row: Record<string, string> = {},
  user: Record<string, string> = {},
): Record<string, string> {
  const name = authHeaderName(auth)
  const key = name === undefined || apiKey === undefined ? {} : { [name]: keyValue(auth, apiKey) }
  return { ...lowerCase(row), ...key, ...lowerCase(user) }
}

function keyValue(auth: AuthScheme, apiKey: string): string {
  return auth.scheme === 'bearer' ? `Bearer ${apiKey}` : apiKey
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

const secretName = /auth|key|token|secret|cookie|password|credential/i

/** What must never be shown of a user's headers; of `Bearer xyz` also `xyz` alone. */
export function headerSecrets(headers: Record<string, string>): string[] {
  return Object.entries(headers)
    .filter(([name, value]) => secretName.test(name) && value !== '')
    .flatMap(([, value]) => {
      const bare = /^(?:bearer|basic|token)\s+(\S+)$/i.exec(value)?.[1]
      return bare === undefined ? [value] : [value, bare]
    })
}
