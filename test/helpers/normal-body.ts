import { asArray, asObject, type Json, type JsonObject } from '../../gateway/chat/json.ts'
import type { Family } from './four-providers.ts'

/** A request as the upstream received it, with the forms that mean the same brought to one, so that a test can compare. */
export function normalBody(family: Family, body: JsonObject): JsonObject {
  if (family === 'anthropic') return normalAnthropic(body)
  if (family === 'gemini') return normalGemini(body)
  return body
}

/** A string is short for one text block. */
function normalAnthropic(body: JsonObject): JsonObject {
  const messages = (asArray(body['messages']) ?? []).map((message) => {
    const { content, ...rest } = asObject(message) ?? {}
    return { ...rest, content: blocks(content) }
  })
  return { ...body, messages, ...(body['system'] === undefined ? {} : { system: blocks(body['system']) }) }
}

function blocks(content: Json | undefined): Json {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? null)
}

/** Both spellings are accepted, and the JSON Schema members have an older and a newer name each. */
function normalGemini(body: JsonObject): JsonObject {
  return asObject(camel(body)) ?? {}
}

const newerNames: Record<string, string> = { parametersJsonSchema: 'parameters', responseJsonSchema: 'responseSchema' }

function camel(value: Json | undefined): Json {
  if (Array.isArray(value)) return value.map(camel)
  const object = asObject(value)
  if (object === undefined) return value ?? null
  const entries = Object.entries(object).map(([key, inner]) => {
    const name = key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    // What a schema or a function's arguments hold is not ours to rename.
    const isOpaque = ['parameters', 'responseSchema', 'args', 'response', ...Object.keys(newerNames)].includes(name)
    return [newerNames[name] ?? name, isOpaque ? (inner ?? null) : camel(inner)] as const
  })
  return Object.fromEntries(entries)
}
