import { isObject, parseJson } from '../../../chat/json.ts'
import type { Warning } from '../../../chat/request.ts'

/** Where in the request something stands, as clients name it, and where to say what is lost of it. */
export interface Where {
  at: string
  warnings: Warning[]
}

/** Servers refuse a call of an earlier answer whose arguments are no JSON object: of a model that was cut off or erred. */
export function writeArguments(text: string, { at, warnings }: Where): string {
  if (isObject(parseJson(text))) return text
  if (text.trim() !== '')
    warnings.push({ feature: `${at}.tool_calls`, reason: 'arguments that are not a JSON object are sent as {}' })
  return '{}'
}
