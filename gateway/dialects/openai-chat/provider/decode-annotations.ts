import type { Annotation } from '../../../chat/event.ts'
import { asArray, asNumber, asObject, asString, isObject, type Json, type JsonObject } from '../../../chat/json.ts'
import { given } from '../../../chat/given.ts'

/** OpenAI's `url_citation`; file citations have no URL and are left out. */
export function readAnnotations(value: Json | undefined): Annotation[] {
  return (asArray(value) ?? []).filter(isObject).flatMap((item) => {
    const citation = asObject(item['url_citation']) ?? item
    const url = asString(citation['url'])
    if (url === undefined) return []
    const title = asString(citation['title'])
    const start = asNumber(citation['start_index'])
    const end = asNumber(citation['end_index'])
    // OpenRouter sends 0 to 0 where it does not know.
    return [{ url, ...given({ title }), ...(end === 0 ? {} : given({ start, end })) }]
  })
}

/** Perplexity repeats its sources on every chunk; `search_results` has titles, `citations` (older, xAI too) only URLs. */
export function readSources(body: JsonObject): Annotation[] {
  const results = (asArray(body['search_results']) ?? []).filter(isObject).flatMap((result) => {
    const url = asString(result['url'])
    return url === undefined ? [] : [{ url, ...given({ title: asString(result['title']) }) }]
  })
  const known = new Set(results.map(({ url }) => url))
  const bare = (asArray(body['citations']) ?? []).filter((item) => typeof item === 'string')
  return [...results, ...bare.filter((url) => !known.has(url)).map((url) => ({ url }))]
}
