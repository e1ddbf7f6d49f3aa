import { interpolate, referencesIn } from '../config/interpolate.ts'
import { parseYaml } from '../config/yaml-source.ts'
import type { ProviderEdit } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import type { Secrets } from '../stores/secrets.ts'

/** The edit with each `${NAME}` in its headers replaced, as it would be once it is saved and loaded. */
export async function withHeaderValues(edit: ProviderEdit, secrets: Pick<Secrets, 'get'>): Promise<ProviderEdit> {
  const { headers } = edit
  if (headers === undefined) return edit
  const names = Object.values(headers).flatMap((value) => referencesIn(value ?? '').map(({ name }) => name))
  const found = await Promise.all(
    [...new Set(names)].map(async (name) => [name, (await secrets.get(name).catch(() => undefined))?.value] as const),
  )
  // JSON is YAML whose text stands in quotes, so that a value of digits stays text.
  const source = parseYaml(JSON.stringify(headers))
  const [problem] = interpolate(source, Object.fromEntries(found)).problems
  if (problem !== undefined) {
    throw new GatewayError('invalid_request', `headers: ${problem.message}`, { param: 'provider.headers' })
  }
  return { ...edit, headers: source.document.toJS() as NonNullable<ProviderEdit['headers']> }
}
