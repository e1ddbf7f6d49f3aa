import type { IncomingMessage } from 'node:http'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress, type Gunzip } from 'node:zlib'
import { GatewayError } from '../errors.ts'

type Done = (error?: GatewayError, body?: Buffer) => void

/**
 * The request's bytes, without a copy when they came in one piece. `limit` is for what they unfold to: a small body that
 * is large when decompressed is refused as soon as it is seen to be.
 */
export function readBody(request: IncomingMessage, limit: number, done: Done): void {
  const encoding = request.headers['content-encoding']
  if (encoding === undefined) readPlain(request, limit, done)
  else readEncoded(request, { encoding: encoding.trim().toLowerCase(), limit }, done)
}

function readPlain(request: IncomingMessage, limit: number, done: Done): void {
  const finish = once(done)
  gather(request, limit, finish)
  request.on('error', () => finish(clientGone()))
  request.resume()
}

/** Without a copy when the bytes came in one piece. */
function gather(source: Pick<IncomingMessage | Decoder, 'on'>, limit: number, finish: Done): void {
  const chunks: Buffer[] = []
  let size = 0
  source.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size <= limit) {
      chunks.push(chunk)
    } else {
      chunks.length = 0
      finish(tooLarge(limit))
    }
  })
  source.on('end', () => finish(undefined, chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)))
}

function once(done: Done): Done {
  let ended = false
  return (error, body) => {
    if (ended) return
    ended = true
    done(error, body)
  }
}

type Decoder = Pick<Gunzip, 'on' | 'write' | 'end' | 'destroy'>

const decoders: Record<string, () => Decoder> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
}

function readEncoded(
  request: IncomingMessage,
  { encoding, limit }: { encoding: string; limit: number },
  done: Done,
): void {
  if (encoding === '' || encoding === 'identity') return readPlain(request, limit, done)
  const create = Object.hasOwn(decoders, encoding) ? decoders[encoding] : undefined
  if (create === undefined) {
    request.resume()
    return done(unknownEncoding(encoding))
  }
  const decoder = create()
  let open = true
  const finish = once((error, body) => {
    open = false
    if (error !== undefined) decoder.destroy()
    // What is still to come is let pass, so that the client gets to read the answer.
    request.resume()
    done(error, body)
  })
  gather(decoder, limit, finish)
  decoder.on('error', () => finish(unreadable(encoding)))
  let size = 0
  request.on('data', (chunk: Buffer) => {
    if (!open) return
    size += chunk.length
    // Compressed emptiness unfolds to nothing, however long it is.
    if (size > limit) finish(tooLarge(limit))
    else if (!decoder.write(chunk)) request.pause()
  })
  decoder.on('drain', () => request.resume())
  request.on('end', () => void decoder.end())
  request.on('error', () => finish(clientGone()))
  request.resume()
}

function tooLarge(limit: number): GatewayError {
  return new GatewayError('body_too_large', `The request is larger than ${limit} bytes (server.bodyLimit).`)
}

function unknownEncoding(encoding: string): GatewayError {
  const text = `The content-encoding "${encoding.slice(0, 40)}" is not known here; send gzip, deflate, br, zstd or none.`
  return new GatewayError('unsupported_media_type', text)
}

function unreadable(encoding: string): GatewayError {
  const text = `The request body is not valid ${encoding}, though its content-encoding says so.`
  return new GatewayError('invalid_request', text)
}

export function clientGone(): GatewayError {
  return new GatewayError('client_closed_request', 'The client closed the connection.')
}
