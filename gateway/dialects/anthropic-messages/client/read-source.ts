import type { JsonObject } from '../../../chat/json.ts'
import type { Source } from '../../../chat/request.ts'
import { missing, optionalObject, optionalString, pathOf, requiredString, unsupported } from '../../expect.ts'

/** The block's `source`, and its path for errors. */
export function sourceOf(block: JsonObject, at: string): { source: JsonObject; param: string } {
  const source = optionalObject(block, 'source', at)
  const param = pathOf(at, 'source')
  if (source === undefined) throw missing(param)
  return { source, param }
}

/** PDF as base64, by URL or by id, or plain text as it is. */
export function readFileSource(source: JsonObject, at: string): Source {
  if (source['type'] !== 'text') return readSource(source, at)
  const data = Buffer.from(requiredString(source, 'data', at)).toString('base64')
  return { type: 'base64', mediaType: optionalString(source, 'media_type', at) ?? 'text/plain', data }
}

/** Where the bytes of an image or file are. */
export function readSource(source: JsonObject, at: string): Source {
  const type = requiredString(source, 'type', at)
  if (type === 'url') return { type: 'url', url: requiredString(source, 'url', at) }
  if (type === 'file') return { type: 'id', id: requiredString(source, 'file_id', at) }
  if (type !== 'base64') throw unsupported(at, `is a source of type '${type}', which cannot be translated.`)
  const mediaType = requiredString(source, 'media_type', at).toLowerCase()
  return { type: 'base64', mediaType, data: requiredString(source, 'data', at) }
}
