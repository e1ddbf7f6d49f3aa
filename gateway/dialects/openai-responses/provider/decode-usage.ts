import { asNumber, asObject, asString, type JsonObject } from '../../../chat/json.ts'
import type { Usage } from '../../../chat/usage.ts'
import { readUsage } from '../../openai-chat/provider/decode-usage.ts'

/** Of a whole response, or of an object that holds only its usage members. Searches are counted beside the tokens. */
export function readBodyUsage(response: JsonObject): Usage | undefined {
  const told = asObject(response['usage'])
  const usage = told === undefined ? undefined : readUsage(told, asString(response['service_tier']))
  const searches = asNumber(asObject(asObject(response['tool_usage'])?.['web_search'])?.['num_requests'])
  return usage === undefined || searches === undefined ? usage : { ...usage, webSearches: searches }
}
