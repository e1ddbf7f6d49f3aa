import type { JsonObject } from '../../../chat/json.ts'
import type { Source } from '../../../chat/request.ts'
import { GatewayError } from '../../../errors.ts'
import { missing, optionalString, pathOf } from '../../expect.ts'

/** A `data:` URI or any other URL. */
export function readSource(url: string, param: string): Source {
  if (/^data:/i.test(url)) return readDataUri(url, param)
  if (/^[a-z][a-z\d+.-]*:/i.test(url)) return { type: 'url', url }
  throw new GatewayError('invalid_request', `Invalid value for '${param}': expected a URL or a data: URI.`, { param })
}

/** `{file_data}` holds a data: URI, plain base64 (Azure) or a URL (OpenRouter); `{file_id}` an upload. */
export function readFileSource(file: JsonObject, at: string): Source {
  const id = optionalString(file, 'file_id', at)
  if (id !== undefined) return { type: 'id', id }
  const data = optionalString(file, 'file_data', at)
  if (data === undefined) throw missing(pathOf(at, 'file_data'))
  if (/^[a-z][a-z\d+.-]*:/i.test(data)) return readSource(data, pathOf(at, 'file_data'))
  return { type: 'base64', mediaType: mediaTypeOf(optionalString(file, 'filename', at) ?? ''), data }
}

function readDataUri(uri: string, param: string): Source {
  // Not one regular expression over everything: these strings have megabytes.
  const comma = uri.indexOf(',')
  if (comma === -1)
    throw new GatewayError('invalid_request', `Invalid value for '${param}': the data: URI has no comma.`, { param })
  const [mediaType = '', ...parameters] = uri.slice('data:'.length, comma).split(';')
  const data = uri.slice(comma + 1)
  const isBase64 = parameters.some((parameter) => parameter.trim().toLowerCase() === 'base64')
  return {
    type: 'base64',
    mediaType: mediaType === '' ? 'text/plain' : mediaType.toLowerCase(),
    data: isBase64 ? data : percentToBase64(data, param),
  }
}

function percentToBase64(data: string, param: string): string {
  try {
    return Buffer.from(decodeURIComponent(data)).toString('base64')
  } catch (cause) {
    const text = `Invalid value for '${param}': the data: URI is not well encoded.`
    throw new GatewayError('invalid_request', text, { param, cause })
  }
}

const mediaTypes: Record<string, string> = {
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  html: 'text/html',
  json: 'application/json',
}

/** OpenAI takes PDF files only, so that is what a file without a telling name is. */
function mediaTypeOf(filename: string): string {
  const ending = filename.slice(filename.lastIndexOf('.') + 1).toLowerCase()
  return (Object.hasOwn(mediaTypes, ending) ? mediaTypes[ending] : undefined) ?? 'application/pdf'
}
