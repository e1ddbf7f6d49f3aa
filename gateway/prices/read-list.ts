import { isObject, type Json, type JsonObject } from '../chat/json.ts'
import { parsePriceFile, priceFileFormat } from '../models/price-file.ts'
import { isLiteLlm, readLiteLlm } from './list-litellm.ts'
import { isModelsDev, readModelsDev } from './list-models-dev.ts'
import { readTable } from './list-table.ts'
import { unusable, type PriceList } from './price-list.ts'

/** Recognises whose list it is by its shape. Throws GatewayError for a list that is none of those, or damaged. */
export function readList(text: string): PriceList {
  const value = parse(text)
  if (Array.isArray(value)) return readTable(value, 'genai-prices')
  if (!isObject(value)) throw unusable(whatIsRead)
  if (value['format'] === priceFileFormat) return readOwn(text, value)
  if (Array.isArray(value['providers'])) return readTable(value['providers'], ownOrGenai(value['providers']))
  if (isLiteLlm(value)) return readLiteLlm(value)
  if (isModelsDev(value)) return readModelsDev(value)
  throw unusable(whatIsRead)
}

const whatIsRead =
  'This is no price list that is known here: genai-prices (data.json), LiteLLM (model_prices_and_context_window.json), models.dev (api.json) or a table of this gateway.'

function parse(text: string): Json {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as Json
  } catch (error) {
    throw unusable(`The price list is no JSON: ${error instanceof Error ? error.message.slice(0, 120) : 'damaged'}`)
  }
}

/** A file that was kept by another gateway. */
function readOwn(text: string, { providers }: JsonObject): PriceList {
  try {
    parsePriceFile(text)
  } catch (error) {
    throw unusable(`The table cannot be used: ${error instanceof Error ? error.message : String(error)}.`)
  }
  return readTable(providers as Json[], 'llm-gateway')
}

function ownOrGenai(providers: Json[]): 'llm-gateway' | 'genai-prices' {
  return isObject(providers[0]) && typeof providers[0]['models'] === 'string' ? 'llm-gateway' : 'genai-prices'
}
