import { isDeepStrictEqual } from 'node:util'
import { nest } from './edit-text.ts'
import { readConfigData } from './load.ts'
import type { ConfigPath } from './path.ts'
import { isRecord } from './path.ts'
import { configSchema } from './schema.ts'
import { editConfigText } from './save.ts'

/** The text without what would be so anyway. */
export function withoutDefaults(text: string): string {
  const defaults = defaultPaths(readConfigData(text), [])
  return editConfigText(
    text,
    defaults.map((path) => ({ path, value: undefined })),
  )
}

/** An empty section or list at the top is a default too; inside of lists each item stands for itself. */
function defaultPaths(value: unknown, path: ConfigPath): ConfigPath[] {
  if (path.length > 0 && isDefault(value, path)) return [path]
  if (path.length === 1 && path[0] === 'providers' && Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => defaultPaths(item, [...path, index]))
  }
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([key, member]) => defaultPaths(member, [...path, key]))
}

/** A value is a default where a file with it alone means the same as a file without it. */
function isDefault(value: unknown, path: ConfigPath): boolean {
  const [section, second, ...rest] = path
  if (section === 'providers' && second !== undefined) {
    if (rest.length !== 1 || rest[0] === 'name') return false
    return isSame({ providers: [{ name: 'x', ...asRecord(nest(rest, value)) }] }, { providers: [{ name: 'x' }] })
  }
  return isSame(nest(path, value), {})
}

function asRecord(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {}
}

function isSame(one: unknown, other: unknown): boolean {
  const [first, second] = [configSchema.safeParse(one), configSchema.safeParse(other)]
  return first.success && second.success && isDeepStrictEqual(first.data, second.data)
}
