import { formatMoment } from '../config/moment.ts'
import { isRecord, valueAt, type ConfigPath } from '../config/path.ts'
import type { ConfigEdit } from '../config/save.ts'
import { formatDuration } from '../config/units.ts'
import type { Limit, MethodInput } from '../contract.ts'
import { GatewayError } from '../errors.ts'

/** A client key as its entry stands in the text of the configuration. */
export interface WrittenClientKey {
  name: string
  path: ConfigPath
  entry: Record<string, unknown>
}

export function writtenClientKeys(data: unknown): WrittenClientKey[] {
  const list = valueAt(data, ['auth', 'keys'])
  if (!Array.isArray(list)) return []
  return list.flatMap((entry: unknown, index) => {
    const name = valueAt(entry, ['name'])
    return isRecord(entry) && typeof name === 'string' ? [{ name, path: ['auth', 'keys', index], entry }] : []
  })
}

export function requireClientKey(data: unknown, name: string): WrittenClientKey {
  const found = writtenClientKeys(data).find((key) => key.name === name)
  if (found !== undefined) return found
  throw new GatewayError('not_found', `There is no key "${name}" in the configuration (any more).`, { param: 'name' })
}

export interface NewEntry extends MethodInput<'clientKeys.create'> {
  hash: string
  /** Milliseconds since 1970. */
  createdAt: number
}

/** A new one, at the end of the list. */
export function createEdits(data: unknown, { name, hash, createdAt, ...rules }: NewEntry): ConfigEdit[] {
  if (writtenClientKeys(data).some((key) => key.name === name)) {
    const text = `There is a key "${name}" already: choose another name, or give that one a new secret.`
    throw new GatewayError('invalid_request', text, { param: 'name' })
  }
  const list = valueAt(data, ['auth', 'keys'])
  const index = Array.isArray(list) ? list.length : 0
  const entry = { name, hash, created: written(createdAt, 'start'), ...writtenRules(rules) }
  const value = Object.fromEntries(Object.entries(entry).filter(([, member]) => member !== undefined))
  return [{ path: ['auth', 'keys', index], value }]
}

export function updateEdits(data: unknown, { name, ...rules }: MethodInput<'clientKeys.update'>): ConfigEdit[] {
  const { path } = requireClientKey(data, name)
  return Object.entries(writtenRules(rules)).map(([member, value]) => ({ path: [...path, member], value }))
}

export function revokeEdits(data: unknown, name: string, revoked: boolean): ConfigEdit[] {
  const { path } = requireClientKey(data, name)
  return [{ path: [...path, 'disabled'], value: revoked ? true : undefined }]
}

export interface Rotation {
  name: string
  hash: string
  /** When the old one ends; undefined: at once. */
  oldUntil: number | undefined
}

/** The old hash goes to `previous`, or goes. */
export function rotateEdits(data: unknown, { name, hash, oldUntil }: Rotation): ConfigEdit[] {
  const { path, entry } = requireClientKey(data, name)
  const previous =
    oldUntil === undefined
      ? undefined
      : { hash: entry['hash'], expires: written(Math.ceil(oldUntil / 1000) * 1000, 'end') }
  return [
    { path: [...path, 'hash'], value: hash },
    { path: [...path, 'previous'], value: previous },
  ]
}

type Rules = Pick<MethodInput<'clientKeys.update'>, 'models' | 'limit' | 'expiresAt'>

/** As it stands in the file; undefined takes it out. */
function writtenRules({ models, limit, expiresAt }: Rules): Record<string, unknown> {
  return {
    models: models ?? undefined,
    rateLimit: limit === null ? undefined : writtenLimit(limit),
    expires: expiresAt === null ? undefined : written(expiresAt, 'end'),
  }
}

function writtenLimit({ requests, tokens, windowMs }: Limit): object {
  return {
    ...(requests === undefined ? {} : { requests }),
    ...(tokens === undefined ? {} : { tokens }),
    window: formatDuration(windowMs),
  }
}

function written(at: number, dateMeans: 'start' | 'end'): string {
  return formatMoment(Math.floor(at / 1000) * 1000, dateMeans)
}
