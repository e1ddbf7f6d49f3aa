import { asObject, isObject, type Json, type JsonObject } from '../../../chat/json.ts'
import type { CacheControl, TextPart, UserPart } from '../../../chat/request.ts'
import { given } from '../../../chat/given.ts'
import {
  expectObject,
  missing,
  optionalObject,
  optionalString,
  pathOf,
  requiredString,
  unsupported,
  wrongType,
} from '../../expect.ts'
import { readFileSource, readSource } from './read-source.ts'

/** Content of a user or tool message: a string, or a list of parts. `null` is refused: OpenAI wants content here. */
export function readUserContent(message: JsonObject, at: string): UserPart[] {
  const param = pathOf(at, 'content')
  const content = message['content'] ?? undefined
  if (content === undefined) throw wrongType(param, 'a string or an array of parts', null)
  const parts = typeof content === 'string' ? [textPart(content)] : readParts(content, param)
  return markLast(parts, readCacheControl(message))
}

function readParts(content: Json, param: string): UserPart[] {
  if (!Array.isArray(content)) throw wrongType(param, 'a string or an array of parts', content)
  return content.map((item, index) => readPart(item, pathOf(param, index)))
}

/** Content of a system or developer message: text only. */
export function readTextContent(message: JsonObject, at: string): TextPart[] {
  return readUserContent(message, at).map((part, index) => {
    if (part.type === 'text') return part
    throw unsupported(
      `${at}.content[${index}]`,
      `is of type '${part.type}': system and developer messages take text only.`,
    )
  })
}

type PartReader = (part: JsonObject, at: string) => UserPart

const partReaders: Record<string, PartReader> = {
  text: (part, at) => textPart(requiredString(part, 'text', at)),
  image_url: readImage,
  input_audio: readAudio,
  file: readFile,
}

function readPart(value: Json, at: string): UserPart {
  if (typeof value === 'string') return textPart(value)
  const part = expectObject(value, at)
  const type = requiredString(part, 'type', at)
  const read = Object.hasOwn(partReaders, type) ? partReaders[type] : undefined
  if (read === undefined) throw unsupported(at, `is a content part of type '${type}', which cannot be translated.`)
  return mark(read(part, at), readCacheControl(part))
}

/** `image_url` is an object; older clients send the bare URL. */
function readImage(part: JsonObject, at: string): UserPart {
  const param = pathOf(at, 'image_url')
  const image =
    typeof part['image_url'] === 'string' ? { url: part['image_url'] } : optionalObject(part, 'image_url', at)
  if (image === undefined) throw missing(param)
  const source = readSource(requiredString(image, 'url', param), pathOf(param, 'url'))
  return { type: 'image', source, ...given({ detail: optionalString(image, 'detail', param) }) }
}

function readAudio(part: JsonObject, at: string): UserPart {
  const param = pathOf(at, 'input_audio')
  const audio = optionalObject(part, 'input_audio', at)
  if (audio === undefined) throw missing(param)
  return { type: 'audio', data: requiredString(audio, 'data', param), format: requiredString(audio, 'format', param) }
}

function readFile(part: JsonObject, at: string): UserPart {
  const param = pathOf(at, 'file')
  const file = optionalObject(part, 'file', at)
  if (file === undefined) throw missing(param)
  const filename = optionalString(file, 'filename', param)
  return { type: 'file', source: readFileSource(file, param), ...given({ filename }) }
}

export function textPart(text: string): TextPart {
  return { type: 'text', text }
}

/** Anthropic's mark, which OpenAI-like clients put on parts, messages and tools (OpenRouter, LiteLLM). */
export function readCacheControl(holder: JsonObject): CacheControl | undefined {
  const mark = holder['cache_control']
  if (!isObject(mark)) return undefined
  const ttl = asObject(mark)?.['ttl']
  return ttl === '5m' || ttl === '1h' ? { ttl } : {}
}

/** Audio parts cannot bear a mark. */
export function mark<T extends UserPart>(part: T, cacheControl: CacheControl | undefined): T {
  return cacheControl === undefined || part.type === 'audio' ? part : { ...part, cacheControl }
}

/** A mark on the whole message stands on its last part. */
function markLast(parts: UserPart[], cacheControl: CacheControl | undefined): UserPart[] {
  return parts.map((part, index) => (index === parts.length - 1 ? mark(part, cacheControl) : part))
}
