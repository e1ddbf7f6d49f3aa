import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { ChatRequest, UserPart } from '../../../gateway/chat/request.ts'
import { GatewayError } from '../../../gateway/errors.ts'
import { createInlineMedia, isPrivate } from '../../../gateway/upstream/media.ts'

describe('addresses that a client may not send us to', () => {
  test.each([
    '0.0.0.0',
    '10.0.0.1',
    '10.255.255.255',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.168.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:a9fe:a9fe',
    '::FFFF:10.0.0.1',
    '::127.0.0.1',
    '::7f00:1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::a9fe:a9fe',
    '2001:0:7f00:1::',
    '2002:7f00:1::',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
  ])('%s', (address) => {
    expect(isPrivate(address)).toBe(true)
  })

  test.each([
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.1',
    '169.253.255.255',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '::ffff:8.8.8.8',
    '2606:4700:4700::1111',
    '2a00:1450:4001::200e',
  ])('but %s is public', (address) => {
    expect(isPrivate(address)).toBe(false)
  })
})

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => void (await Promise.all(closing.splice(0).map((close) => close()))))

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const image = (url: string): UserPart => ({ type: 'image', source: { type: 'url', url } })
const request = (...parts: UserPart[]): ChatRequest => ({
  model: 'm',
  stream: false,
  messages: [
    { role: 'system', parts: [{ type: 'text', text: 's' }] },
    { role: 'user', parts: [{ type: 'text', text: 'look' }, ...parts] },
  ],
})

const open = createInlineMedia({ allowPrivate: true })
const guarded = createInlineMedia({ allowPrivate: false })
const patient = new AbortController().signal

async function refusal(running: Promise<unknown>): Promise<GatewayError> {
  const error = await running.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(GatewayError)
  return error as GatewayError
}

describe('inlines', () => {
  const answer: RequestListener = (incoming, response) => {
    if (incoming.url === '/moved') response.writeHead(302, { location: '/a.png' }).end()
    else if (incoming.url === '/bare') response.writeHead(200).end('bytes')
    else response.writeHead(200, { 'content-type': 'image/png; charset=binary' }).end('bytes')
  }
  const inlined = (mediaType: string) => ({ type: 'base64', mediaType, data: Buffer.from('bytes').toString('base64') })

  test.each([
    ['/a.png', 'image/png'],
    ['/moved', 'image/png'],
    ['/bare', 'application/octet-stream'],
  ])('%s as %s', async (path, mediaType) => {
    const given = request(image((await serve(answer)) + path))
    const before = structuredClone(given)
    const made = await open(given, patient)
    expect(made.messages[1]).toEqual({
      role: 'user',
      parts: [
        { type: 'text', text: 'look' },
        { type: 'image', source: inlined(mediaType) },
      ],
    })
    expect(given).toEqual(before)
  })

  test('files, in tool results too, several at once, keeping what else they carry', async () => {
    const url = `${await serve(answer)}/a.png`
    const made = await open(
      {
        ...request(image(url)),
        messages: [
          {
            role: 'user',
            parts: [
              { type: 'file', source: { type: 'url', url }, filename: 'f.png' },
              { type: 'image', source: { type: 'url', url }, detail: 'low' },
            ],
          },
          { role: 'tool', callId: 'c', parts: [image(url)] },
        ],
      },
      patient,
    )
    expect(made.messages).toEqual([
      {
        role: 'user',
        parts: [
          { type: 'file', source: inlined('image/png'), filename: 'f.png' },
          { type: 'image', source: inlined('image/png'), detail: 'low' },
        ],
      },
      { role: 'tool', callId: 'c', parts: [{ type: 'image', source: inlined('image/png') }] },
    ])
  })

  test.each([
    'https://www.youtube.com/watch?v=x',
    'https://youtu.be/x',
    'https://generativelanguage.googleapis.com/v1beta/files/x',
    'gs://bucket/object',
    'file:///etc/passwd',
    'data:image/png;base64,AAAA',
  ])('leaves %s to the provider', async (url) => {
    const given = request(image(url))
    expect(await guarded(given, patient)).toEqual(given)
  })

  test('leaves what is inside the request already', async () => {
    const given = request(
      { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AAAA' } },
      { type: 'file', source: { type: 'id', id: 'file-1' } },
      { type: 'audio', format: 'wav', data: 'AAAA' },
    )
    expect(await guarded(given, patient)).toEqual(given)
  })
})

describe('refuses to be sent', () => {
  test.each([
    'http://127.0.0.1:PORT/a',
    'http://localhost:PORT/a',
    'http://[::1]:PORT/a',
    'http://[::ffff:127.0.0.1]:PORT/a',
    'http://2130706433:PORT/a',
    'http://0x7f.1:PORT/a',
    'http://127.1:PORT/a',
    'http://0:PORT/a',
    'http://169.254.169.254/latest/meta-data',
    'HTTP://10.0.0.1/',
  ])('to %s', async (address) => {
    let asked = 0
    const origin = await serve((_request, response) => {
      asked += 1
      response.end('secret')
    })
    const url = address.replace('PORT', new URL(origin).port)
    const error = await refusal(guarded(request(image(url)), patient))
    expect(error).toMatchObject({ code: 'unsupported_content', status: 400, param: 'messages[1].content[1]' })
    expect(error.message).toContain('leads to a private address')
    expect(asked).toBe(0)
  })

  test('an address that looks like a provider’s own is not one', async () => {
    const error = await refusal(guarded(request(image('http://127.0.0.1/?x=.youtube.com')), patient))
    expect(error.code).toBe('unsupported_content')
  })
})

describe('what cannot be fetched is a 400 that says which and why', () => {
  const table: [what: string, listener: RequestListener, why: RegExp][] = [
    ['404', (_request, response) => void response.writeHead(404).end('no'), /answered with HTTP 404/],
    ['304', (_request, response) => void response.writeHead(304).end(), /answered with HTTP 304/],
    ['a circle', (_request, response) => void response.writeHead(302, { location: '/x' }).end(), /redirects too often/],
    [
      'a redirect to elsewhere',
      (_request, response) => void response.writeHead(302, { location: 'ftp://x/' }).end(),
      /not an http\(s\) address/,
    ],
    [
      'a redirect to nowhere',
      (_request, response) => void response.writeHead(302, { location: 'http://[' }).end(),
      /it is not a URL/,
    ],
    ['a reset', (_request, response) => void response.destroy(), /messages\[1\]\.content\[1\]/],
    [
      'a body cut off',
      (_request, response) =>
        void response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy()),
      /lost on the way/,
    ],
    ['too much', (_request, response) => void response.end(Buffer.alloc(21 * 1024 * 1024)), /larger than 20 MB/],
  ]
  test.each(table)('%s', async (_what, listener, why) => {
    const error = await refusal(open(request(image(`${await serve(listener)}/a`)), patient))
    expect(error).toMatchObject({ code: 'unsupported_content', param: 'messages[1].content[1]' })
    expect(error.message).toMatch(why)
  })

  test('a call that is over does not wait', async () => {
    const asked = Promise.withResolvers<void>()
    const origin = await serve(() => asked.resolve())
    const controller = new AbortController()
    const running = open(request(image(origin)), controller.signal)
    await asked.promise
    controller.abort(new GatewayError('client_closed_request', 'gone'))
    await expect(running).rejects.toMatchObject({ code: 'client_closed_request' })
  })
})
