import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress, type Gunzip } from 'node:zlib'
import type { Flight, ResponseHandler } from './upstream.ts'

const decoders: Record<string, () => Pick<Gunzip, 'on' | 'write' | 'end' | 'destroy'>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
}

/**
 * The gateway asks for no compression (it would only delay the first token), but some servers and proxies compress
 * all the same: then the answer is unpacked before anything reads it.
 */
export function decompressing(encoding: string, handler: ResponseHandler, flight: Flight): ResponseHandler {
  const name = encoding.trim().toLowerCase()
  const create = Object.hasOwn(decoders, name) ? decoders[name] : undefined
  if (create === undefined) return unreadable(encoding, handler, flight)
  const decoder = create()
  let done = false
  const finish = (end: () => void): void => {
    if (done) return
    done = true
    end()
  }
  decoder.on('data', (chunk: Buffer) => {
    if (!done) handler.onData(chunk)
  })
  decoder.on('end', () => finish(() => handler.onEnd()))
  decoder.on('error', (error: Error) => {
    finish(() => handler.onError(error))
    flight.abort(error)
  })
  decoder.on('drain', () => flight.resume())
  return {
    onHead(status, headers) {
      const { 'content-encoding': _, 'content-length': __, ...rest } = headers
      handler.onHead(status, rest)
    },
    onData(chunk) {
      if (!decoder.write(chunk)) flight.pause()
    },
    onEnd: () => void decoder.end(),
    onError(error) {
      finish(() => handler.onError(error))
      decoder.destroy()
    },
  }
}

function unreadable(encoding: string, handler: ResponseHandler, flight: Flight): ResponseHandler {
  let told = false
  const tell = (error: Error): void => {
    if (told) return
    told = true
    handler.onError(error)
  }
  return {
    onHead: () => flight.abort(new Error(`the provider sent an unknown content-encoding "${encoding.slice(0, 40)}"`)),
    onData: () => {},
    onEnd: () => tell(new Error('unknown content-encoding')),
    onError: tell,
  }
}
