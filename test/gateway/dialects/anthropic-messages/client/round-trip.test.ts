import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Collector, collect, type ChatReply, replay } from '../../../../../gateway/chat/collect.ts'
import { given } from '../../../../../gateway/chat/given.ts'
import type { ChatEvent } from '../../../../../gateway/chat/event.ts'
import type { AssistantPart, ChatRequest, Message, Tool, UserPart } from '../../../../../gateway/chat/request.ts'
import { unseal } from '../../../../../gateway/chat/seal.ts'
import { encodeWhole } from '../../../../../gateway/dialects/anthropic-messages/client/encode-whole.ts'
import { readRequest } from '../../../../../gateway/dialects/anthropic-messages/client/read.ts'
import { decodeStream, decodeWhole } from '../../../../../gateway/dialects/anthropic-messages/provider/decode.ts'
import { writeRequest } from '../../../../../gateway/dialects/anthropic-messages/provider/write.ts'
import { SseReader } from '../../../../../gateway/dialects/sse.ts'
import { about, streamed } from './messages-stream.ts'

const words = fc.string({ minLength: 1, unit: 'grapheme' }).map((text) => `${text}.`)
const id = fc.stringMatching(/^[a-zA-Z0-9_-]{1,12}$/)
const json = fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.stringify(value))
const text = fc.record({ type: fc.constant('text' as const), text: words })
const call = fc.record({ type: fc.constant('tool-call' as const), id, name: id, arguments: json })

describe('what goes to Anthropic, read by us', () => {
  const mark = fc.option(fc.constantFrom({}, { ttl: '1h' as const }, { ttl: '5m' as const }), { nil: undefined })
  /** Four marks are the most that Anthropic takes, so only this part has one. */
  const marked = fc
    .tuple(text, mark)
    .map(([part, cacheControl]) => (cacheControl === undefined ? part : { ...part, cacheControl }))
  const image = fc.constantFrom<UserPart>(
    { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'aGk=' } },
    { type: 'image', source: { type: 'url', url: 'https://a/b.png' } },
    { type: 'image', source: { type: 'id', id: 'file_1' } },
  )
  const file = fc.constantFrom<UserPart>(
    { type: 'file', source: { type: 'base64', mediaType: 'application/pdf', data: 'JVBERi0=' }, filename: 'a.pdf' },
    { type: 'file', source: { type: 'base64', mediaType: 'text/plain', data: 'w7w=' } },
    { type: 'file', source: { type: 'url', url: 'https://a/b.pdf' } },
    { type: 'file', source: { type: 'id', id: 'file_1' } },
  )
  const user = fc.record({
    role: fc.constant('user' as const),
    parts: fc.array(fc.oneof(text, image, file), { minLength: 1 }),
  })
  const signed = fc.record({
    type: fc.constant('reasoning' as const),
    text: words,
    signature: fc.constant('raw'),
    origin: fc.constant({ provider: '', model: '' }),
  })
  const assistant = fc
    .tuple(
      fc.array(signed, { maxLength: 2 }),
      fc.array(text, { maxLength: 2 }),
      fc.array(call, { minLength: 1, maxLength: 3 }),
    )
    .map(([thoughts, texts, calls]): Message => ({ role: 'assistant', parts: [...thoughts, ...texts, ...calls] }))
  const result = fc.record(
    {
      role: fc.constant('tool' as const),
      callId: id,
      parts: fc.array(fc.oneof(text, image), { minLength: 1 }),
      isError: fc.constant(true),
    },
    { requiredKeys: ['role', 'callId', 'parts'] },
  )
  const conversation = fc
    .tuple(
      fc.option(fc.array(marked, { minLength: 1, maxLength: 3 }), { nil: undefined }),
      user,
      fc.array(
        fc.tuple(assistant, fc.array(result, { minLength: 1, maxLength: 2 }), fc.option(user, { nil: undefined })),
        { maxLength: 2 },
      ),
    )
    .map(([system, first, rounds]): Message[] => [
      ...(system === undefined ? [] : [{ role: 'system' as const, parts: system }]),
      first,
      ...rounds.flatMap(([said, results, next]) => [said, ...results, ...(next === undefined ? [] : [next])]),
    ])
  const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false }
  const members = fc.record(
    {
      maxOutputTokens: fc.integer({ min: 1, max: 9000 }),
      temperature: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0),
      topK: fc.nat(),
      stop: fc.array(words, { minLength: 1 }),
      serviceTier: fc.constantFrom('auto', 'standard_only'),
      user: words,
      output: fc.constant({ type: 'json-schema' as const, name: 'answer', schema, strict: true }),
      tools: fc.constant<Tool[]>([
        { name: 'f', description: 'd', parameters: schema, strict: true },
        { name: 'g', parameters: schema, cacheControl: {} },
      ]),
    },
    { requiredKeys: ['maxOutputTokens', 'tools'] },
  )
  const choice = fc.constantFrom<Partial<ChatRequest>>(
    {},
    { toolChoice: { type: 'auto' } },
    { toolChoice: { type: 'required' }, parallelToolCalls: false },
    { toolChoice: { type: 'none' } },
    { toolChoice: { type: 'tool', name: 'g' } },
  )

  /** Signed elsewhere is written to nobody: here it is Anthropic's own, so it is given no origin. */
  function written(request: ChatRequest): ReturnType<typeof writeRequest> {
    const messages = request.messages.map((message): Message => {
      if (message.role !== 'assistant') return message
      return {
        ...message,
        parts: message.parts.map((part): AssistantPart =>
          part.type === 'reasoning' ? { type: 'reasoning', text: part.text, signature: 'raw' } : part,
        ),
      }
    })
    return writeRequest({ ...request, messages }, { provider: 'anthropic', model: request.model, facts: {} })
  }

  test('is the same request', () => {
    fc.assert(
      fc.property(conversation, members, choice, fc.boolean(), (messages, knobs, chosen, stream) => {
        const request: ChatRequest = { model: 'claude', messages, stream, ...given(knobs), ...chosen }
        const { value, warnings } = written(request)
        expect(warnings).toEqual([])
        expect(readRequest(value)).toEqual({ value: plain(request), warnings: [] })
      }),
      { numRuns: 150 },
    )
  })

  const hello: Message = { role: 'user', parts: [{ type: 'text', text: 'a' }] }
  const rest: [name: string, members: Partial<ChatRequest>][] = [
    ['no thinking', { reasoning: { effort: 'none' } }],
    ['a budget', { reasoning: { budgetTokens: 2000 } }],
    ['a budget of thoughts unseen', { reasoning: { budgetTokens: 2000, visible: false } }],
    ['thinking as it likes', { reasoning: { adaptive: true, effort: 'high', visible: true } }],
    ['thinking as it likes, unseen', { reasoning: { adaptive: true, visible: false } }],
    [
      'a search',
      { hostedTools: [{ kind: 'web-search', name: 'web_search_20250305', maxUses: 3, blockedDomains: ['a.b'] }] },
    ],
  ]
  test.each(rest)('and with %s', (_name, members) => {
    const request: ChatRequest = { model: 'claude', messages: [hello], stream: true, maxOutputTokens: 9000, ...members }
    expect(readRequest(written(request).value).value).toEqual(request)
  })
})

/** JSON of the wire has no prototypes, -0 or order of keys. */
function plain(request: ChatRequest): ChatRequest {
  return JSON.parse(JSON.stringify(request)) as ChatRequest
}

describe('what a client of ours reads, by our own reading', () => {
  const reasoning = fc.oneof(
    fc.record({ type: fc.constant('reasoning' as const), text: words, signature: words }),
    fc.record({ type: fc.constant('reasoning' as const), text: words }),
    fc.record({ type: fc.constant('reasoning' as const), text: fc.constant(''), redacted: words }),
  )
  const part: fc.Arbitrary<AssistantPart> = fc.oneof(text, reasoning, call)
  const usage = fc.record({
    input: fc.integer({ min: 60, max: 90 }),
    cacheRead: fc.nat(20),
    cacheWrite: fc.integer({ min: 20, max: 30 }),
    cacheWrite1h: fc.nat(20),
    output: fc.nat(),
    reasoning: fc.nat(),
    webSearches: fc.nat(),
  })
  const answer = fc.record({ parts: fc.array(part), usage }).map(({ parts, usage: told }): ChatReply => ({
    id: 'msg_x',
    model: 'm',
    choices: [{ parts, annotations: [], finish: { unified: 'stop', raw: 'end_turn' } }],
    usage: told,
  }))

  /** Undoes the seal, and what only Anthropic adds. */
  function opened(reply: ChatReply): unknown {
    const { raw: _, ...usage } = reply.usage ?? {}
    const choices = reply.choices.map((choice) => ({
      ...choice,
      parts: choice.parts.map((item) => {
        if (item.type !== 'reasoning') return item
        const sealed = unseal(item.signature ?? item.redacted ?? '')
        const { signature: _signature, redacted: _redacted, ...rest } = item
        const { signature, redacted } = sealed ?? {}
        return {
          ...rest,
          ...(signature === undefined ? {} : { signature }),
          ...(redacted === undefined ? {} : { redacted }),
        }
      }),
    }))
    return { ...reply, choices: choices.length === 0 ? [{ parts: [], annotations: [] }] : choices, usage }
  }

  function decoded(read: (emit: (event: ChatEvent) => void) => void): ChatReply {
    const collector = new Collector()
    read(collector.add)
    return collector.reply
  }

  test('is the same answer, streamed or whole', () => {
    fc.assert(
      fc.property(answer, fc.integer({ min: 1, max: 9 }), (reply, pieces) => {
        const stream = decoded((emit) => {
          const decoder = decodeStream(emit)
          const reader = new SseReader((name, data) => decoder.event(name, data))
          reader.push(Buffer.from(streamed(replay(reply, pieces))))
          reader.end()
          decoder.end()
        })
        const whole = decoded((emit) => decodeWhole(JSON.parse(JSON.stringify(encodeWhole(reply, about))), emit))
        expect(opened(whole)).toEqual(normalised(reply))
        expect(opened(stream)).toEqual(normalised(reply))
      }),
      { numRuns: 150 },
    )
  })

  /** Wholes are parsed and written again: the text of the arguments may differ, not what it says. */
  function normalised(reply: ChatReply): ChatReply {
    return collect(replay(reply))
  }
})
