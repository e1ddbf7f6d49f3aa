import type { FilePart, ImagePart, JsonObject, Source } from '../../../chat/request.ts'
import { unsupported, type WriteContext } from './write-context.ts'

/** `at` names the part as the client knows it, e.g. `messages[2].content[0]`. */
export function writeImage(part: ImagePart, at: string, context: WriteContext): JsonObject {
  if (part.detail !== undefined && part.detail !== 'auto')
    context.warn(`${at}.detail`, 'Anthropic decides the resolution of images')
  return { type: 'image', source: writeSource(part.source), ...context.cacheMark(part.cacheControl) }
}

export function writeFile(part: FilePart, at: string, context: WriteContext): JsonObject {
  const mediaType = mediaTypeOf(part)
  if (mediaType?.startsWith('image/') === true) return writeImage({ ...part, type: 'image' }, at, context)
  return {
    type: 'document',
    source: documentSource(part, mediaType, at),
    ...(part.filename === undefined ? {} : { title: part.filename }),
    ...context.cacheMark(part.cacheControl),
  }
}

/** Documents are PDF, or plain text told as such (https://platform.claude.com/docs/en/build-with-claude/pdf-support). */
function documentSource({ source }: FilePart, mediaType: string | undefined, at: string): JsonObject {
  if (source.type !== 'base64' || mediaType === 'application/pdf') return writeSource(source, 'application/pdf')
  if (mediaType !== undefined && isText(mediaType))
    return { type: 'text', media_type: 'text/plain', data: Buffer.from(source.data, 'base64').toString('utf8') }
  throw unsupported(
    at,
    `Anthropic Messages takes PDF, text and image files, not ${mediaType ?? 'files of unknown type'}`,
  )
}

/** Files named by id were uploaded to Anthropic's Files API by the client itself. */
function writeSource(source: Source, mediaType?: string): JsonObject {
  if (source.type === 'url') return { type: 'url', url: source.url }
  if (source.type === 'id') return { type: 'file', file_id: source.id }
  return { type: 'base64', media_type: mediaType ?? imageType(source.mediaType), data: source.data }
}

/** `image/jpg` is not a registered type, but a common one; Anthropic refuses it. */
function imageType(mediaType: string): string {
  const type = bare(mediaType)
  return type === 'image/jpg' ? 'image/jpeg' : type
}

/** Clients often send no type, or a general one: then the name and the first bytes tell. */
function mediaTypeOf({ source, filename = '' }: FilePart): string | undefined {
  if (source.type !== 'base64') return undefined
  const type = bare(source.mediaType)
  if (type !== '' && type !== 'application/octet-stream') return type
  // `%PDF-` in base64.
  if (source.data.startsWith('JVBERi') || /\.pdf$/i.test(filename)) return 'application/pdf'
  return /\.(txt|md|csv|json|xml|html?|ya?ml|log)$/i.test(filename) ? 'text/plain' : undefined
}

function isText(mediaType: string): boolean {
  return (
    mediaType.startsWith('text/') || /^application\/(json|xml|yaml|x-yaml|javascript|.*\+(json|xml))$/.test(mediaType)
  )
}

function bare(mediaType: string): string {
  return (mediaType.split(';')[0] ?? '').trim().toLowerCase()
}
