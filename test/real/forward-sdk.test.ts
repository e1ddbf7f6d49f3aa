import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream/promises'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI, { APIError, toFile } from 'openai'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { allOf } from '../helpers/all-of.ts'
import { bytes, json, startRawUpstream, upstreamKey, type RawUpstream } from '../helpers/forward-world.ts'
import { type GatewayProcess, startGatewayProcess } from '../helpers/gateway.ts'

/** The official SDKs, unmodified, at everything that is not chat: the gateway in its own process, its provider here. */
let upstream: RawUpstream
let gateway: GatewayProcess
let openai: OpenAI
let anthropic: Anthropic

beforeAll(async () => {
  upstream = await startRawUpstream()
  gateway = await startGatewayProcess({
    config: {
      providers: [
        { name: 'openai', apiKey: upstreamKey, baseUrl: `${upstream.url}/v1`, maxRetries: 0 },
        { name: 'anthropic', apiKey: upstreamKey, baseUrl: upstream.url, maxRetries: 0 },
      ],
      routing: { modelMappings: { ears: { provider: 'openai', model: 'gpt-4o-transcribe' } } },
    },
  })
  openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'sk-client', maxRetries: 0 })
  anthropic = new Anthropic({ baseURL: gateway.url, apiKey: 'sk-client', maxRetries: 0 })
})
afterAll(async () => {
  await gateway.stop()
  await upstream.close()
})
beforeEach(() => {
  upstream.requests.length = 0
  upstream.collects = true
  upstream.arriving = undefined
})

function asked(): string {
  return upstream.requests.map(({ method, path }) => `${method} ${path}`).join(', ')
}

const sound = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256))

describe('openai', () => {
  test('images.generate, whole and streamed', async () => {
    const usage = {
      input_tokens: 3,
      output_tokens: 5,
      total_tokens: 8,
      input_tokens_details: { text_tokens: 3, image_tokens: 0 },
    }
    upstream.answer = json({ created: 1, data: [{ b64_json: 'QUJD' }], usage })
    const { data } = await openai.images.generate({ model: 'gpt-image-1', prompt: 'a cat' })
    expect(data?.[0]?.b64_json).toBe('QUJD')
    const events = [
      { type: 'image_generation.partial_image', partial_image_index: 0, b64_json: 'QQ==' },
      { type: 'image_generation.completed', b64_json: 'QUJD', usage },
    ]
    upstream.answer = bytes(
      events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''),
      'text/event-stream',
    )
    const stream = await openai.images.generate({ model: 'gpt-image-1', prompt: 'a cat', stream: true })
    expect((await allOf(stream)).map(({ type }) => type)).toEqual(events.map(({ type }) => type))
  })

  test('images.edit with two pictures', async () => {
    upstream.answer = json({ created: 1, data: [{ b64_json: 'QUJD' }] })
    const image = [
      await toFile(sound, 'a.png', { type: 'image/png' }),
      await toFile(sound, 'b.png', { type: 'image/png' }),
    ]
    const { data } = await openai.images.edit({ image, model: 'gpt-image-1', prompt: 'both' })
    expect(data?.[0]?.b64_json).toBe('QUJD')
    expect(upstream.requests[0]?.body.toString('latin1')).toContain('name="image[]"; filename="b.png"')
  })

  // The SDK writes the fields in the order in which they are given.
  test.each([
    ['the model last', { file: true, model: 'ears' }],
    ['the model first', { model: 'ears', file: true }],
  ])('audio.transcriptions.create, %s', async (_name, order) => {
    upstream.answer = json({ text: 'hello there', usage: { type: 'duration', seconds: 1 } })
    const file = await toFile(sound, 'a.wav', { type: 'audio/wav' })
    const body = { ...order, file } as OpenAI.Audio.TranscriptionCreateParamsNonStreaming
    const { data, response } = await openai.audio.transcriptions.create(body).withResponse()
    expect(data.text).toBe('hello there')
    expect(response.headers.get('x-gateway-model')).toBe('gpt-4o-transcribe')
    const [got] = upstream.requests
    const text = got?.body.toString('latin1') ?? ''
    expect(text).toMatch(/name="model"\r\n\r\ngpt-4o-transcribe\r\n/)
    expect(text).toContain(sound.toString('latin1'))
    expect(got?.headers['authorization']).toBe(`Bearer ${upstreamKey}`)
  })

  test('audio.transcriptions.create as a stream', async () => {
    const events = [
      { type: 'transcript.text.delta', delta: 'hel' },
      { type: 'transcript.text.done', text: 'hello', usage: { type: 'tokens', input_tokens: 1, output_tokens: 1 } },
    ]
    upstream.answer = bytes(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''), 'text/event-stream')
    const file = await toFile(sound, 'a.wav')
    const stream = await openai.audio.transcriptions.create({ file, model: 'ears', stream: true })
    expect((await allOf(stream)).map(({ type }) => type)).toEqual(events.map(({ type }) => type))
  })

  test('audio.speech.create: bytes as they come', async () => {
    upstream.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'audio/mpeg' })
      response.write(sound.subarray(0, 10))
      setImmediate(() => response.end(sound.subarray(10)))
    }
    const reply = await openai.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'Hi' })
    expect(Buffer.from(await reply.arrayBuffer()).equals(sound)).toBe(true)
  })

  test('moderations.create without a model', async () => {
    upstream.answer = json({ id: 'modr-1', model: 'omni-moderation-latest', results: [{ flagged: false }] })
    expect((await openai.moderations.create({ input: 'x' })).results[0]?.flagged).toBe(false)
  })

  test('files: create, list, content, delete', async () => {
    upstream.answer = json({ id: 'file-1', object: 'file', purpose: 'batch' })
    const lines = Buffer.from('{"custom_id":"a"}\n')
    expect((await openai.files.create({ file: await toFile(lines, 'a.jsonl'), purpose: 'batch' })).id).toBe('file-1')
    expect(upstream.requests[0]?.body.toString()).toContain('{"custom_id":"a"}\n')
    upstream.answer = json({ object: 'list', data: [{ id: 'file-1' }], has_more: false })
    expect((await openai.files.list({ limit: 5 })).data).toMatchObject([{ id: 'file-1' }])
    upstream.answer = bytes(sound, 'application/octet-stream')
    expect(Buffer.from(await (await openai.files.content('file-1')).arrayBuffer()).equals(sound)).toBe(true)
    upstream.answer = json({ id: 'file-1', object: 'file', deleted: true })
    expect((await openai.files.delete('file-1')).deleted).toBe(true)
    expect(asked()).toBe('POST /v1/files, GET /v1/files?limit=5, GET /v1/files/file-1/content, DELETE /v1/files/file-1')
  })

  test('batches: create, retrieve, cancel', async () => {
    upstream.answer = json({ id: 'batch_1', status: 'validating' })
    await openai.batches.create({ input_file_id: 'file-1', endpoint: '/v1/responses', completion_window: '24h' })
    expect((await openai.batches.retrieve('batch_1')).status).toBe('validating')
    await openai.batches.cancel('batch_1')
    expect(asked()).toBe('POST /v1/batches, GET /v1/batches/batch_1, POST /v1/batches/batch_1/cancel')
  })

  test('an error is its usual exception', async () => {
    upstream.answer = json(
      { error: { message: 'too big', type: 'invalid_request_error', param: 'size', code: 'x' } },
      400,
    )
    const error: unknown = await openai.images.generate({ model: 'm', prompt: 'x' }).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(APIError)
    expect(error).toMatchObject({ status: 400, param: 'size', code: 'x' })
  })
})

describe('anthropic', () => {
  test('messages.batches: create, list, retrieve, results, cancel, delete', async () => {
    const batch = { id: 'msgbatch_1', type: 'message_batch', processing_status: 'ended' }
    upstream.answer = json(batch)
    const params = { model: 'claude-x', max_tokens: 1, messages: [{ role: 'user' as const, content: 'Hi' }] }
    const made = await anthropic.messages.batches.create({ requests: [{ custom_id: 'a', params }] })
    expect(made.id).toBe('msgbatch_1')
    expect(JSON.parse(upstream.requests[0]?.body.toString() ?? '')).toEqual({ requests: [{ custom_id: 'a', params }] })
    upstream.answer = json({ data: [batch], has_more: false, first_id: null, last_id: null })
    expect((await anthropic.messages.batches.list({ limit: 2 })).data).toMatchObject([{ id: 'msgbatch_1' }])
    upstream.answer = (got, response) =>
      got.path.endsWith('/results')
        ? bytes('{"custom_id":"a","result":{"type":"canceled"}}\n', 'application/x-jsonl')(got, response)
        : json({ ...batch, results_url: `${upstream.url}/v1/messages/batches/msgbatch_1/results` })(got, response)
    const results = await allOf(await anthropic.messages.batches.results('msgbatch_1'))
    expect(results).toEqual([{ custom_id: 'a', result: { type: 'canceled' } }])
    upstream.answer = json(batch)
    await anthropic.messages.batches.cancel('msgbatch_1')
    await anthropic.messages.batches.delete('msgbatch_1')
    expect(asked()).toBe(
      'POST /v1/messages/batches, GET /v1/messages/batches?limit=2, GET /v1/messages/batches/msgbatch_1, ' +
        'GET /v1/messages/batches/msgbatch_1/results, ' +
        'POST /v1/messages/batches/msgbatch_1/cancel, DELETE /v1/messages/batches/msgbatch_1',
    )
  })

  test('beta.files, where OpenAI has its own', async () => {
    upstream.answer = json({ id: 'file_1', type: 'file' })
    const file = await toFile(sound, 'a.pdf', { type: 'application/pdf' })
    const { data, response } = await anthropic.beta.files.upload({ file }).withResponse()
    expect(data.id).toBe('file_1')
    expect(response.headers.get('x-gateway-provider')).toBe('anthropic')
    upstream.answer = bytes(sound, 'application/pdf')
    const content = await anthropic.beta.files.download('file_1')
    expect(Buffer.from(await content.arrayBuffer()).equals(sound)).toBe(true)
    expect(asked().replaceAll('?beta=true', '')).toBe('POST /v1/files, GET /v1/files/file_1/content')
    expect(upstream.requests[0]?.headers).toMatchObject({
      'x-api-key': upstreamKey,
      'anthropic-version': expect.stringMatching(/^\d{4}-/) as string,
    })
  })

  test('the results never go past the gateway', async () => {
    const results_url = 'https://api.anthropic.com/v1/messages/batches/msgbatch_1/results'
    upstream.answer = json({ id: 'msgbatch_1', results_url, other: results_url })
    expect(await anthropic.messages.batches.retrieve('msgbatch_1')).toEqual({
      id: 'msgbatch_1',
      results_url: `${gateway.url}/v1/messages/batches/msgbatch_1/results?provider=anthropic`,
      other: results_url,
    })
  })

  test('an error is its usual exception', async () => {
    upstream.answer = json({ type: 'error', error: { type: 'not_found_error', message: 'no such batch' } }, 404)
    await expect(anthropic.messages.batches.retrieve('msgbatch_2')).rejects.toThrow(Anthropic.NotFoundError)
  })
})

describe.runIf(process.platform === 'linux')('memory', () => {
  const rss = (): number =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${gateway.pid}/status`, 'utf8'))?.[1]) * 1024

  test('256 MB go through, and little of it stays', async () => {
    upstream.collects = false
    upstream.answer = json({ text: '' })
    let got = 0
    let most = 0
    upstream.arriving = (incoming) =>
      incoming.on('data', (chunk: Buffer) => {
        got += chunk.length
        most = Math.max(most, rss())
      })
    async function* form(): AsyncGenerator<Buffer> {
      yield Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n')
      for (let index = 0; index < 256; index += 1) yield Buffer.alloc(1024 * 1024, index)
      yield Buffer.from('\r\n--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nears\r\n--b--\r\n')
    }
    const before = rss()
    const outgoing = request(`${gateway.url}/v1/audio/transcriptions`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
    })
    const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>
    await pipeline(form(), outgoing)
    const [reply] = await answered
    reply.resume()
    expect(reply.statusCode).toBe(200)
    expect(reply.headers['x-gateway-model']).toBe('gpt-4o-transcribe')
    expect(got).toBeGreaterThan(256 * 1024 * 1024)
    expect(most - before).toBeLessThan(160 * 1024 * 1024)
  })
})
