import type { Json, JsonObject } from '../../../chat/json.ts'
import type { AssistantPart, Source, TextPart, UserPart } from '../../../chat/request.ts'
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
import { readFileSource, readSource } from '../../openai-chat/client/read-source.ts'

type PartReader<Part> = (part: JsonObject, at: string) => Part

/** A string, or a list of parts. Tools that say nothing may leave it out. */
export function readUserContent(content: Json | undefined, at: string): UserPart[] {
  return content === undefined || content === null
    ? [{ type: 'text', text: '' }]
    : readContent(content, at, userReaders)
}

export function readSystemContent(content: Json | undefined, at: string): TextPart[] {
  return readUserContent(content, at).map((part, index) => {
    if (part.type === 'text') return part
    throw unsupported(pathOf(at, index), `is of type '${part.type}': system and developer messages take text only.`)
  })
}

export function readAssistantContent(content: Json | undefined, at: string): AssistantPart[] {
  return content === '' ? [] : readContent(content, at, assistantReaders)
}

const text: PartReader<TextPart> = (part, at) => ({ type: 'text', text: requiredString(part, 'text', at) })

/** Which of the text types it is says only who wrote it, and clients mix them up. */
const textReaders = { input_text: text, output_text: text, text }

const userReaders: Record<string, PartReader<UserPart>> = {
  ...textReaders,
  input_image: readImage,
  input_file: readFile,
  input_audio: readAudio,
}

const assistantReaders: Record<string, PartReader<AssistantPart>> = {
  ...textReaders,
  refusal: (part, at) => ({ type: 'refusal', text: requiredString(part, 'refusal', at) }),
}

function readContent<Part>(
  content: Json | undefined,
  at: string,
  readers: Record<string, PartReader<Part>>,
): (Part | TextPart)[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  if (content === undefined || content === null) return []
  if (!Array.isArray(content)) throw wrongType(at, 'a string or an array of parts', content)
  return content.map((item, index) => readPart(item, pathOf(at, index), readers))
}

function readPart<Part>(value: Json, at: string, readers: Record<string, PartReader<Part>>): Part {
  const part = expectObject(value, at)
  const type = requiredString(part, 'type', at)
  const read = Object.hasOwn(readers, type) ? readers[type] : undefined
  if (read === undefined) throw unsupported(at, `is a content part of type '${type}', which cannot be translated.`)
  return read(part, at)
}

function readImage(part: JsonObject, at: string): UserPart {
  return { type: 'image', source: readImageSource(part, at), ...given({ detail: optionalString(part, 'detail', at) }) }
}

/** `image_url` is a string here; some clients send chat's object. */
function readImageSource(part: JsonObject, at: string): Source {
  const id = optionalString(part, 'file_id', at)
  if (id !== undefined) return { type: 'id', id }
  const param = pathOf(at, 'image_url')
  const image = part['image_url']
  const url =
    typeof image === 'object' && image !== null
      ? requiredString(expectObject(image, param), 'url', param)
      : optionalString(part, 'image_url', at)
  if (url === undefined) throw missing(param)
  return readSource(url, param)
}

function readFile(part: JsonObject, at: string): UserPart {
  const url = optionalString(part, 'file_url', at)
  const source = url === undefined ? readFileSource(part, at) : readSource(url, pathOf(at, 'file_url'))
  return { type: 'file', source, ...given({ filename: optionalString(part, 'filename', at) }) }
}

function readAudio(part: JsonObject, at: string): UserPart {
  const param = pathOf(at, 'input_audio')
  const audio = optionalObject(part, 'input_audio', at)
  if (audio === undefined) throw missing(param)
  return { type: 'audio', data: requiredString(audio, 'data', param), format: requiredString(audio, 'format', param) }
}
