import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  parseJson,
  type Json,
  type JsonObject,
} from '../../../chat/json.ts'
import { given } from '../../../chat/given.ts'

/** What an error body says, whatever its shape. */
export interface ErrorWords {
  message?: string
  type?: string
  code?: string
  param?: string
  /** An HTTP status told inside the body, as needed where the answer itself was a 200. */
  status?: number
}

/**
 * OpenAI `{error: {message, type, param, code}}`, and the others: `{error: "text"}` (Ollama, xAI with `code` beside),
 * `{detail}` (FastAPI: vLLM, Voyage), `{message}` (Mistral, Cohere, Bedrock), `[{error}]` (Gemini),
 * `{errors: [{message}]}` (Cloudflare), `{error: {metadata: {raw}}}` (OpenRouter).
 */
export function readErrorWords(body: Json | undefined): ErrorWords {
  if (typeof body === 'string') return given({ message: nonEmpty(body) })
  if (Array.isArray(body)) return readErrorWords(body[0])
  if (!isObject(body)) return {}
  const inner = body['error'] ?? asArray(body['errors'])?.[0] ?? undefined
  if (typeof inner === 'string') return { ...readOwnWords(body), message: inner }
  return isObject(inner) ? { ...readOwnWords(body), ...readOwnWords(inner) } : readOwnWords(body)
}

function readOwnWords(holder: JsonObject): ErrorWords {
  return given({
    message: readMessage(holder),
    type: nonEmpty(holder['type']),
    code: readCode(holder),
    param: nonEmpty(holder['param']),
    status: readStatus(holder),
  })
}

function readMessage(holder: JsonObject): string | undefined {
  const message = nonEmpty(holder['message']) ?? readDetail(holder['message'] ?? holder['detail'])
  const raw = readRaw(asObject(holder['metadata'])?.['raw'])
  const told = message ?? nonEmpty(holder['title']) ?? nonEmpty(holder['error_message']) ?? nonEmpty(holder['msg'])
  // OpenRouter's own message is only "Provider returned error".
  return raw === undefined || told === undefined ? (told ?? raw) : `${told}: ${raw}`
}

/** FastAPI: text, or a list of `{loc, msg}`; Mistral puts that list into `message: {detail}`. */
function readDetail(detail: Json | undefined): string | undefined {
  if (typeof detail === 'string') return nonEmpty(detail)
  if (isObject(detail)) return readDetail(detail['detail'])
  const lines = (asArray(detail) ?? []).filter(isObject).flatMap((item) => {
    const text = asString(item['msg'])
    const steps = (asArray(item['loc']) ?? []).filter((step) => typeof step === 'string' || typeof step === 'number')
    const where = steps.filter((step) => step !== 'body').join('.')
    return text === undefined ? [] : [where === '' ? text : `${where}: ${text}`]
  })
  return lines.length === 0 ? undefined : lines.join('; ')
}

/** The upstream's body as OpenRouter got it: text or JSON of an error. */
function readRaw(raw: Json | undefined): string | undefined {
  if (typeof raw !== 'string') return isObject(raw) ? readErrorWords(raw).message : undefined
  return readErrorWords(parseJson(raw)).message ?? nonEmpty(raw)
}

/** A number that is an HTTP status (OpenRouter, vLLM) is no code; other numbers (Z.ai: 1261) are. */
function readCode(holder: JsonObject): string | undefined {
  const code = holder['code']
  if (typeof code === 'number') return isStatus(code) ? undefined : String(code)
  const text = nonEmpty(code)
  return text === undefined || isStatus(Number(text)) ? undefined : text
}

/** Groq: `status_code`; Azure: `status`; OpenRouter, vLLM: `code`. */
function readStatus(holder: JsonObject): number | undefined {
  const told = [holder['status_code'], holder['status'], holder['code']].map((value) => asNumber(Number(value)))
  return told.find((value) => value !== undefined && isStatus(value))
}

function isStatus(value: number): boolean {
  return Number.isInteger(value) && value >= 400 && value <= 599
}

function nonEmpty(value: unknown): string | undefined {
  const text = asString(value)?.trim()
  return text === '' ? undefined : text
}
