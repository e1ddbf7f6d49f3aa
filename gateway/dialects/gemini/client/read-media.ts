import type { JsonObject } from '../../../chat/json.ts'
import type { AudioPart, FilePart, ImagePart, Source } from '../../../chat/request.ts'
import { given } from '../../../chat/given.ts'
import { optionalObject, optionalString, pathOf, requiredString } from '../../expect.ts'
import { camelMembers } from './camel.ts'

type MediaPart = ImagePart | FilePart | AudioPart

/** `inlineData` or `fileData`; undefined where the part has neither. */
export function readMedia(part: JsonObject, at: string): MediaPart | undefined {
  const inline = optionalObject(part, 'inlineData', at)
  if (inline !== undefined) return readInline(camelMembers(inline), pathOf(at, 'inlineData'))
  const file = optionalObject(part, 'fileData', at)
  return file === undefined ? undefined : readFile(camelMembers(file), pathOf(at, 'fileData'))
}

function readInline(blob: JsonObject, at: string): MediaPart {
  const mediaType = (optionalString(blob, 'mimeType', at) ?? 'application/octet-stream').toLowerCase()
  const data = plainBase64(requiredString(blob, 'data', at))
  if (mediaType.startsWith('audio/')) return { type: 'audio', format: audioFormat(mediaType), data }
  return partOf({ type: 'base64', mediaType, data }, mediaType, optionalString(blob, 'displayName', at))
}

function readFile(file: JsonObject, at: string): MediaPart {
  const uri = requiredString(file, 'fileUri', at)
  const mediaType = optionalString(file, 'mimeType', at)?.toLowerCase() ?? ''
  return partOf(fileSource(uri), mediaType, optionalString(file, 'displayName', at))
}

function partOf(source: Source, mediaType: string, filename: string | undefined): MediaPart {
  if (mediaType.startsWith('image/')) return { type: 'image', source }
  return { type: 'file', source, ...given({ filename }) }
}

/** An upload to Google's Files API is known to Google alone, like every other upload by its id. */
function fileSource(uri: string): Source {
  const id = /^(?:https:\/\/generativelanguage\.googleapis\.com\/v[^/]+\/)?files\/([^/?]+)$/.exec(uri)?.[1]
  return id === undefined ? { type: 'url', url: uri } : { type: 'id', id }
}

/** What dialects with names of their own call it; others are the subtype itself. */
const audioFormats = new Map([
  ['audio/mpeg', 'mp3'],
  ['audio/mpga', 'mp3'],
  ['audio/x-wav', 'wav'],
  ['audio/wave', 'wav'],
  ['audio/vnd.wave', 'wav'],
  ['audio/mp4', 'm4a'],
  ['audio/x-m4a', 'm4a'],
  ['audio/l16', 'pcm16'],
  ['audio/pcm', 'pcm16'],
])

function audioFormat(mediaType: string): string {
  const [type = ''] = mediaType.split(';')
  return audioFormats.get(type.trim()) ?? type.trim().slice('audio/'.length)
}

/** Google's Python SDK writes base64 in its URL-safe form. */
function plainBase64(data: string): string {
  if (!/[-_]/.test(data)) return data
  const plain = data.replaceAll('-', '+').replaceAll('_', '/')
  return plain.padEnd(Math.ceil(plain.length / 4) * 4, '=')
}
