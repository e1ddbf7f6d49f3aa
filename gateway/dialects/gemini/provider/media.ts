import type { JsonObject } from '../../../chat/json.ts'
import type { AudioPart, FilePart, ImagePart } from '../../../chat/request.ts'
import { GatewayError } from '../../../errors.ts'

/** Image, PDF, audio or video as a part. `at` names it in the error, e.g. `messages[0].content[1]`. */
export function mediaPart(part: ImagePart | FilePart | AudioPart, at: string): JsonObject {
  if (part.type === 'audio')
    return { inlineData: { mimeType: audioTypes[part.format] ?? `audio/${part.format}`, data: part.data } }
  const { source } = part
  if (source.type === 'url') return { fileData: remoteFile(source.url, at) }
  if (source.type === 'id') return { fileData: { fileUri: fileUri(source.id) } }
  const filename = part.type === 'file' ? part.filename : undefined
  return { inlineData: { mimeType: preciseType(source.mediaType, filename), data: source.data } }
}

/** OpenAI's names of formats -> what Google lists (ai.google.dev/gemini-api/docs/audio); others are `audio/<name>`. */
const audioTypes: Record<string, string> = { opus: 'audio/ogg', m4a: 'audio/mp4', pcm16: 'audio/L16;rate=24000' }

const extensionTypes: Record<string, string> = {
  pdf: 'application/pdf',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  html: 'text/html',
  json: 'application/json',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  heic: 'image/heic',
  mp3: 'audio/mp3',
  wav: 'audio/wav',
  mp4: 'video/mp4',
  mov: 'video/mov',
  webm: 'video/webm',
}

function typeByExtension(name: string): string | undefined {
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase()
  return Object.hasOwn(extensionTypes, extension) ? extensionTypes[extension] : undefined
}

/** Google refuses `application/octet-stream`, which is what browsers call a file they do not know. */
function preciseType(mediaType: string, filename: string | undefined): string {
  if (mediaType !== 'application/octet-stream' || filename === undefined) return mediaType
  return typeByExtension(filename) ?? mediaType
}

function fileUri(id: string): string {
  if (URL.canParse(id)) return id
  return `https://generativelanguage.googleapis.com/v1beta/files/${id.replace(/^files\//, '')}`
}

function remoteFile(url: string, at: string): JsonObject {
  if (!isReadByGoogle(url))
    throw new GatewayError(
      'unsupported_content',
      `${at}: Gemini does not fetch files from the web; send the file itself as base64`,
      { param: at },
    )
  const mimeType = url.startsWith('gs:') ? typeByExtension(url) : undefined
  return { ...(mimeType === undefined ? {} : { mimeType }), fileUri: url }
}

const youtubeHosts = new Set(['youtube.com', 'www.youtube.com', 'm.youtube.com', 'youtu.be'])

/** Cloud Storage, Google's own Files API, and public YouTube videos; nothing else in all modes of the API. */
function isReadByGoogle(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname } = new URL(url)
  if (protocol === 'gs:') return true
  return protocol === 'https:' && (hostname === 'generativelanguage.googleapis.com' || youtubeHosts.has(hostname))
}
