import { createHash } from 'node:crypto'

/**
 * Anthropic takes tool ids of these characters only; Gemini's and some servers' have others. The same id always becomes
 * the same, so that call and result still meet; the hash keeps ids apart that differ in the replaced characters alone.
 */
export function writeToolId(id: string): string {
  if (/^[a-zA-Z0-9_-]+$/.test(id)) return id
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 8)
  return `${id.replaceAll(/[^a-zA-Z0-9_-]/g, '_')}_${hash}`
}
