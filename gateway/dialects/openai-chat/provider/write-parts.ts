import type { JsonObject } from '../../../chat/json.ts'
import type { FilePart, ImagePart, Source, UserPart } from '../../../chat/request.ts'
import { GatewayError } from '../../../errors.ts'
import { given } from '../../../chat/given.ts'

/** `at` names the part as clients do, for the error. */
export function writeUserPart(part: UserPart, at: string): JsonObject {
  if (part.type === 'text') return { type: 'text', text: part.text }
  if (part.type === 'image') return writeImage(part, at)
  if (part.type === 'file') return writeFile(part, at)
  return { type: 'input_audio', input_audio: { data: part.data, format: part.format } }
}

function writeImage({ source, detail }: ImagePart, at: string): JsonObject {
  if (source.type === 'id') throw cannotCarry(at, 'an image by its id at another provider')
  return { type: 'image_url', image_url: { url: urlOf(source), ...given({ detail }) } }
}

/** OpenAI takes files as data or id, not by URL; text files are text. */
function writeFile({ source, filename }: FilePart, at: string): JsonObject {
  if (source.type === 'id') return { type: 'file', file: { file_id: source.id } }
  if (source.type === 'url') throw cannotCarry(at, 'a file by URL; send its bytes instead')
  if (source.mediaType.startsWith('image/')) return writeImage({ type: 'image', source }, at)
  if (source.mediaType.startsWith('text/')) return { type: 'text', text: textOfFile(source.data, filename) }
  return { type: 'file', file: { filename: filename ?? 'file.pdf', file_data: urlOf(source) } }
}

export function urlOf(source: Exclude<Source, { type: 'id' }>): string {
  return source.type === 'url' ? source.url : `data:${source.mediaType};base64,${source.data}`
}

/** `data` is base64. */
export function textOfFile(data: string, filename: string | undefined): string {
  const text = Buffer.from(data, 'base64').toString('utf8')
  return filename === undefined ? text : `${filename}:\n\n${text}`
}

function cannotCarry(at: string, what: string): GatewayError {
  return new GatewayError('unsupported_content', `'${at}' is ${what}, which OpenAI-like providers do not take.`, {
    param: at,
  })
}
