import type { IncomingMessage } from 'node:http'
import { GatewayError } from '../errors.ts'
import { ArrivingBody, tooLarge } from '../pipeline/forward/arriving-body.ts'
import { FormUpload } from '../pipeline/forward/form-upload.ts'
import { formContentType, readBoundary } from '../pipeline/forward/part-head.ts'
import { PlainUpload, uploadLimit, type Upload } from '../pipeline/forward/upload.ts'
import type { ForwardRoute } from './forward-routes.ts'

/** A form is handed on as it arrives, whatever its size; every other body is small and read whole. */
export function isForm({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return /^multipart\/form-data\b/i.test(headers['content-type'] ?? '')
}

/** `idleMs`: the longest silence of the client. Throws GatewayError. */
export function openUpload(
  request: IncomingMessage,
  { model }: ForwardRoute,
  waiting: { idleMs: number; signal: AbortSignal },
): Upload {
  const { 'content-type': type = '', 'content-encoding': encoding, 'content-length': announced } = request.headers
  if (encoding !== undefined && encoding !== 'identity')
    throw new GatewayError(
      'unsupported_media_type',
      'Forms are handed on as they are: send them without content-encoding.',
    )
  const length = announced === undefined ? undefined : Number(announced)
  if (length !== undefined && length > uploadLimit) throw tooLarge(uploadLimit)
  const boundary = readBoundary(type)
  const source = new ArrivingBody(request, { limit: uploadLimit, ...waiting })
  if (model === 'none') return new PlainUpload(source, { contentType: formContentType(boundary), length })
  return new FormUpload(source, { boundary, length, isModelRequired: model === 'required' })
}
