import { createServer, request as ask, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readBody } from '../../../gateway/http/read-body.ts'

const limit = 200_000
let server: Server
beforeAll(async () => {
  server = createServer((request, response) =>
    readBody(request, limit, (error, body) => {
      response.statusCode = error?.status ?? 200
      response.end(error === undefined ? body : error.code)
    }),
  )
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
})
afterAll(() => void server.close())

function post(body: Buffer, encoding?: string): Promise<string> {
  const headers = encoding === undefined ? {} : { 'content-encoding': encoding }
  const { port } = server.address() as AddressInfo
  return new Promise((resolve, reject) => {
    const outgoing = ask({ host: '127.0.0.1', port, method: 'POST', headers }, (incoming) => {
      const answer = incoming.toArray().then((chunks) => `${incoming.statusCode} ${Buffer.concat(chunks).toString()}`)
      answer.then(resolve, reject)
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

const text = Buffer.from('{"model":"m","messages":[]}')
const random = Buffer.from(Array.from({ length: limit - 1000 }, (_, index) => (index * index * 31 + index) % 251))
const zeros = Buffer.alloc(50_000_000)

describe('bodies come as they were before they were compressed', () => {
  test.each([
    [undefined, text],
    ['identity', text],
    ['gzip', gzipSync(text)],
    ['GZIP ', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
    ['zstd', zstdCompressSync(text)],
  ])('%s', async (encoding, body) => {
    expect(await post(body, encoding)).toBe(`200 ${text.toString()}`)
  })

  test('of many pieces', async () => {
    expect((await post(gzipSync(random), 'gzip')).length).toBe(`200 ${random.toString()}`.length)
  })
})

describe('what is refused', () => {
  test.each([
    ['a small body that unfolds to 50 MB', gzipSync(zeros), 'gzip', '413 body_too_large'],
    ['the same in zstd', zstdCompressSync(zeros), 'zstd', '413 body_too_large'],
    ['nothing, at length', Buffer.concat(Array(20_000).fill(gzipSync(''))), 'gzip', '413 body_too_large'],
    ['a plain body that is too long', Buffer.alloc(limit + 1), undefined, '413 body_too_large'],
    ['a body that is not what it says', text, 'gzip', '400 invalid_request'],
    ['half a body', gzipSync(text).subarray(0, 20), 'gzip', '400 invalid_request'],
    ['another encoding', text, 'compress', '415 unsupported_media_type'],
    ['two at once', gzipSync(text), 'gzip, br', '415 unsupported_media_type'],
    ['a member of every object', text, 'constructor', '415 unsupported_media_type'],
  ])('%s', async (_, body, encoding, answer) => {
    expect(await post(body, encoding)).toBe(answer)
  })
})
