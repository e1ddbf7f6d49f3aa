import { asObject } from '../../../chat/json.ts'

/** Members whose loss changes nothing: absent and empty ones. */
export function isHarmless(value: unknown): boolean {
  if (value === null || value === undefined || value === false) return true
  if (Array.isArray(value)) return value.length === 0
  const object = asObject(value)
  return object !== undefined && Object.keys(object).length === 0
}
