import { expect, test } from 'vitest'
import { decompressing } from '../../../gateway/upstream/decompress.ts'
import type { ResponseHandler } from '../../../gateway/upstream/upstream.ts'

test.each(['constructor', '__proto__', 'toString', 'x'])('the encoding "%s" is unknown, no more', (encoding) => {
  const errors: Error[] = []
  const handler: ResponseHandler = {
    onHead: () => undefined,
    onData: () => undefined,
    onEnd: () => undefined,
    onError: (error) => errors.push(error),
  }
  const flight = { pause: () => undefined, resume: () => undefined, abort: (reason: Error) => errors.push(reason) }
  decompressing(encoding, handler, flight).onHead(200, {})
  expect(errors[0]?.message).toContain('unknown content-encoding')
})
