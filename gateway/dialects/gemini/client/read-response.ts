import { asObject, type Json } from '../../../chat/json.ts'

/**
 * `functionResponse.response` as the text that other dialects have. Google says `output` and `error`; `result` is what
 * our own writer and older SDKs say, `{ name, content }` the AI SDK. Where such a member stands alone it is unwrapped.
 */
export function readResponse(response: Json | undefined, name: string | undefined): { text: string; isError: boolean } {
  if (response === undefined || response === null) return { text: '', isError: false }
  const members = asObject(response)
  if (members === undefined)
    return { text: typeof response === 'string' ? response : JSON.stringify(response), isError: false }
  const names = Object.keys(members)
  const isError = names.length === 1 && names[0] === 'error'
  const only = names.length === 1 && wrappers.has(names[0] ?? '') ? members[names[0] ?? ''] : undefined
  const content = names.length === 2 && members['name'] === name ? members['content'] : undefined
  const text = only ?? content
  return { text: typeof text === 'string' ? text : JSON.stringify(response), isError }
}

const wrappers = new Set(['output', 'result', 'error'])
