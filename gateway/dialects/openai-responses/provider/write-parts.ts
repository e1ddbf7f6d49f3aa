import type { JsonObject } from '../../../chat/json.ts'
import type { FilePart, ImagePart, UserPart } from '../../../chat/request.ts'
import { given } from '../../../chat/given.ts'
import { unsupported } from '../../expect.ts'
import { textOfFile, urlOf } from '../../openai-chat/provider/write-parts.ts'

/** `at` names the part as clients do, for the error. */
export function writeUserPart(part: UserPart, at: string): JsonObject {
  if (part.type === 'text') return { type: 'input_text', text: part.text }
  if (part.type === 'image') return writeImage(part)
  if (part.type === 'file') return writeFile(part)
  throw unsupported(at, 'is audio, which OpenAI Responses does not take.')
}

/** `detail` is required (openapi.json); auto is what chat means without one. */
function writeImage({ source, detail = 'auto' }: Pick<ImagePart, 'source' | 'detail'>): JsonObject {
  const where = source.type === 'id' ? { file_id: source.id } : { image_url: urlOf(source) }
  return { type: 'input_image', ...where, detail }
}

/** Text files are told as text, which models without file input read too. */
function writeFile({ source, filename }: FilePart): JsonObject {
  if (source.type === 'id') return { type: 'input_file', file_id: source.id }
  if (source.type === 'url') return { type: 'input_file', file_url: source.url }
  if (source.mediaType.startsWith('image/')) return writeImage({ source })
  if (source.mediaType.startsWith('text/')) return { type: 'input_text', text: textOfFile(source.data, filename) }
  return { type: 'input_file', ...given({ filename: filename ?? 'file.pdf' }), file_data: urlOf(source) }
}
