import { GatewayError } from '../../errors.ts'

export interface PartHead {
  /** Of the field, as it stands there. */
  name: string
  /** A text field, neither a file nor encoded. */
  isPlain: boolean
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const headerLine = new RegExp(`^(${token}):[ \\t]*([^\\r\\n\\0]*?)[ \\t]*$`)
const parameter = new RegExp(`[ \\t]*;[ \\t]*(${token})=(?:"([^"]*)"|(${token}))`, 'y')

/** The header lines of one part, latin1, without the empty line. Throws GatewayError. */
export function readPartHead(head: string): PartHead {
  const headers = new Map<string, string>()
  for (const line of head.split('\r\n')) {
    const match = headerLine.exec(line)
    // A boundary directly behind a head; a folded line; a bare line feed.
    if (match === null || line.startsWith('--')) throw refused('the head of a part is malformed')
    const [, header = '', value = ''] = match
    if (headers.has(header.toLowerCase())) throw refused(`a part has two headers "${header.slice(0, 40)}"`)
    headers.set(header.toLowerCase(), value)
  }
  const { name, isFile } = readDisposition(headers.get('content-disposition'))
  return { name, isPlain: !isFile && isUnencoded(headers.get('content-transfer-encoding')) }
}

function readDisposition(disposition: string | undefined): { name: string; isFile: boolean } {
  const kind = /^form-data(?=[ \t]*;)/i.exec(disposition ?? '')
  if (disposition === undefined || kind === null) throw refused('a part has no name')
  const parameters = new Map<string, string>()
  parameter.lastIndex = kind[0].length
  while (parameter.lastIndex < disposition.length) {
    const match = parameter.exec(disposition)
    if (match === null) throw refused('the head of a part is malformed')
    const [, key = '', quoted, bare = ''] = match
    const value = quoted ?? bare
    // Whether \" ends the text or not, readers do not agree.
    if (parameters.has(key.toLowerCase()) || value.endsWith('\\')) throw refused('the head of a part is ambiguous')
    parameters.set(key.toLowerCase(), value)
  }
  const name = parameters.get('name')
  if (name === undefined || name.includes('\\') || parameters.has('name*'))
    throw refused('the name of a part is ambiguous')
  return { name, isFile: parameters.has('filename') || parameters.has('filename*') }
}

function isUnencoded(encoding: string | undefined): boolean {
  return encoding === undefined || /^(7bit|8bit|binary)$/i.test(encoding)
}

function refused(why: string): GatewayError {
  return new GatewayError('invalid_request', `The form (multipart/form-data) cannot be read: ${why}.`)
}

/**
 * The boundary that a content type names (RFC 2046, section 5.1.1). Throws GatewayError.
 */
export function readBoundary(contentType: string): string {
  const match =
    /^multipart\/form-data[ \t]*;[ \t]*boundary=(?:"([^"\\]*)"|([^\s";]+))[ \t]*(?:;[ \t]*charset=[\w-]+)?$/i.exec(
      contentType.trim(),
    )
  const boundary = match?.[1] ?? match?.[2]
  if (boundary === undefined || !/^[\w'()+,./:=?-][\w'()+,./:=? -]{0,69}$/.test(boundary) || boundary.endsWith(' '))
    throw refused('its content-type names no boundary of 1 to 70 letters, digits and hyphens')
  return boundary
}

/** As it goes to the provider: nothing in it that the client could have hidden there. */
export function formContentType(boundary: string): string {
  return `multipart/form-data; boundary=${/^[\w-]+$/.test(boundary) ? boundary : `"${boundary}"`}`
}
