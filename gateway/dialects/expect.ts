import { isObject, type Json, type JsonObject } from '../chat/json.ts'
import { GatewayError } from '../errors.ts'

/**
 * Typed reading of what clients send. `null` means absent everywhere, as OpenAI's API has it; a wrong type is refused
 * with OpenAI's wording and the path of the member.
 */

export function pathOf(parent: string, key: string | number): string {
  if (typeof key === 'number') return `${parent}[${key}]`
  return parent === '' ? key : `${parent}.${key}`
}

export function wrongType(param: string, expected: string, value: unknown): GatewayError {
  const text = `Invalid type for '${param}': expected ${expected}, but got ${typeName(value)} instead.`
  return new GatewayError('invalid_request', text, { param })
}

export function wrongValue(param: string, value: string, supported: readonly string[]): GatewayError {
  const list = supported.map((name) => `'${name}'`).join(', ')
  const text = `Invalid value for '${param}': '${value}'. Supported values are: ${list}.`
  return new GatewayError('invalid_request', text, { param })
}

export function missing(param: string): GatewayError {
  return new GatewayError('invalid_request', `Missing required parameter: '${param}'.`, { param })
}

export function unsupported(param: string, reason: string): GatewayError {
  return new GatewayError('unsupported_content', `'${param}' ${reason}`, { param })
}

export function optionalString(object: JsonObject, key: string, parent = ''): string | undefined {
  const value = object[key] ?? undefined
  if (value === undefined || typeof value === 'string') return value
  throw wrongType(pathOf(parent, key), 'a string', value)
}

export function optionalNumber(object: JsonObject, key: string, parent = ''): number | undefined {
  const value = object[key] ?? undefined
  // 1e400 is read as Infinity, which JSON cannot say.
  if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return value
  throw wrongType(pathOf(parent, key), 'a number', value)
}

export function optionalInteger(object: JsonObject, key: string, parent = ''): number | undefined {
  const value = optionalNumber(object, key, parent)
  if (value === undefined || Number.isInteger(value)) return value
  throw wrongType(pathOf(parent, key), 'an integer', value)
}

export function optionalBoolean(object: JsonObject, key: string, parent = ''): boolean | undefined {
  const value = object[key] ?? undefined
  if (value === undefined || typeof value === 'boolean') return value
  throw wrongType(pathOf(parent, key), 'a boolean', value)
}

export function optionalObject(object: JsonObject, key: string, parent = ''): JsonObject | undefined {
  const value = object[key] ?? undefined
  if (value === undefined || isObject(value)) return value
  throw wrongType(pathOf(parent, key), 'an object', value)
}

export function optionalArray(object: JsonObject, key: string, parent = ''): Json[] | undefined {
  const value = object[key] ?? undefined
  if (value === undefined || Array.isArray(value)) return value
  throw wrongType(pathOf(parent, key), 'an array', value)
}

export function requiredString(object: JsonObject, key: string, parent = ''): string {
  const value = optionalString(object, key, parent)
  if (value === undefined) throw missing(pathOf(parent, key))
  return value
}

/** An item of an array at `param`. */
export function expectObject(value: unknown, param: string): JsonObject {
  if (isObject(value)) return value
  throw wrongType(param, 'an object', value)
}

function typeName(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object') return 'an object'
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal number'
  return `a ${typeof value}`
}
