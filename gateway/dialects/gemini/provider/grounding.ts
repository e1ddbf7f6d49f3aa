import type { Annotation } from '../../../chat/event.ts'
import { asArray, asObject, asString, type JsonObject } from '../../../chat/json.ts'

/**
 * The pages an answer is grounded on. Without offsets: Google counts them in UTF-8 bytes of one part, and tells them
 * per sentence, often several times over a stream.
 */
export function readAnnotations(candidate: JsonObject): Annotation[] {
  const chunks = asArray(asObject(candidate['groundingMetadata'])?.['groundingChunks']) ?? []
  return chunks.flatMap((chunk) => {
    const source = asObject(chunk)
    const page = asObject(source?.['web']) ?? asObject(source?.['retrievedContext']) ?? asObject(source?.['maps'])
    const url = asString(page?.['uri'])
    if (url === undefined || !/^https?:/.test(url)) return []
    const title = asString(page?.['title'])
    return [title === undefined ? { url } : { url, title }]
  })
}
