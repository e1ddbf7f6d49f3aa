import { describe, expect, test } from 'vitest'
import { collect, replay, type ChatReply } from '../../../../../gateway/chat/collect.ts'
import type { ChatEvent } from '../../../../../gateway/chat/event.ts'
import type { FinishReason } from '../../../../../gateway/chat/finish.ts'
import { asString, type JsonObject } from '../../../../../gateway/chat/json.ts'
import { seal } from '../../../../../gateway/chat/seal.ts'
import type { Usage } from '../../../../../gateway/chat/usage.ts'
import type { ReplyAbout } from '../../../../../gateway/dialects/dialect.ts'
import { GeminiStreamEncoder } from '../../../../../gateway/dialects/gemini/client/encode-stream.ts'
import { encodeWhole } from '../../../../../gateway/dialects/gemini/client/encode-whole.ts'
import { finishWord } from '../../../../../gateway/dialects/gemini/client/finish.ts'
import { geminiClient } from '../../../../../gateway/dialects/gemini/client/index.ts'
import { decodeStream, decodeWhole } from '../../../../../gateway/dialects/gemini/provider/decode.ts'
import { SseReader } from '../../../../../gateway/dialects/sse.ts'
import { read } from './reading.ts'

const about: ReplyAbout = { id: 'fallback', model: 'asked', created: 7, provider: 'p', includeUsage: true }
const origin = { provider: 'p', model: 'asked' }

/** `about` of a client that asked for thoughts, or did not. */
function asking(includeThoughts: boolean): ReplyAbout {
  const { value: request } = read({ generationConfig: { thinkingConfig: { includeThoughts } } })
  return { ...about, includeReasoning: request.reasoning?.visible !== false, request }
}

function stream(events: Iterable<ChatEvent>, at = about): string {
  const encoder = new GeminiStreamEncoder(at)
  return [...events].map(encoder.encode).join('') + encoder.end()
}

function chunks(events: Iterable<ChatEvent>, at = about): JsonObject[] {
  const list: JsonObject[] = []
  const reader = new SseReader((_name, data) => list.push(JSON.parse(data) as JsonObject))
  reader.push(Buffer.from(stream(events, at)))
  reader.end()
  return list
}

interface Candidate {
  index: number
  content: { parts: JsonObject[]; role: string }
}

function parts(list: JsonObject[], index = 0): JsonObject[] {
  const candidates = list.flatMap((chunk) => chunk['candidates'] as unknown as Candidate[])
  return candidates.filter((each) => each.index === index).flatMap(({ content }) => content.parts)
}

function reply(...all: ChatReply['choices'][number]['parts']): ChatReply {
  return { choices: [{ parts: all, annotations: [], finish: { unified: 'stop' } }] }
}

describe('stream', () => {
  test('byte for byte, the end last', () => {
    const encoder = new GeminiStreamEncoder(about)
    const events: ChatEvent[] = [
      { type: 'start', id: 'x', model: 'm-2' },
      { type: 'text-start', block: 0, choice: 0 },
      { type: 'text-delta', block: 0, choice: 0, text: 'Hi "you"\n\u2028' },
      { type: 'text-end', block: 0, choice: 0 },
      { type: 'finish', choice: 0, reason: { unified: 'stop' } },
      { type: 'usage', usage: { input: 3, output: 2 } },
      { type: 'activity' },
    ]
    expect(events.map(encoder.encode)).toEqual([
      '',
      '',
      'data: {"candidates":[{"content":{"parts":[{"text":"Hi \\"you\\"\\n\u2028"}],"role":"model"},"index":0}],"modelVersion":"m-2","responseId":"x"}\n\n',
      '',
      '',
      '',
      '',
    ])
    expect(encoder.end()).toBe(
      'data: {"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":2,"totalTokenCount":5},"modelVersion":"m-2","responseId":"x"}\n\n',
    )
  })

  test('calls whole, however they interleave, and the end is STOP', () => {
    const list = chunks([
      { type: 'tool-start', block: 0, choice: 0, id: 'a', name: 'f' },
      { type: 'tool-start', block: 1, choice: 0, id: 'b', name: 'g' },
      { type: 'tool-delta', block: 0, choice: 0, arguments: '{"x"' },
      { type: 'tool-delta', block: 0, choice: 0, arguments: ':1}' },
      { type: 'tool-end', block: 1, choice: 0, signature: 'S' },
      { type: 'tool-end', block: 0, choice: 0 },
      { type: 'finish', choice: 0, reason: { unified: 'tool-calls', raw: 'tool_use' } },
    ])
    expect(parts(list)).toEqual([
      { functionCall: { id: 'b', name: 'g', args: {} }, thoughtSignature: seal({ ...origin, signature: 'S' }) },
      { functionCall: { id: 'a', name: 'f', args: { x: 1 } } },
      { text: '' },
    ])
    expect(list.at(-1)).toMatchObject({
      candidates: [{ finishReason: 'STOP' }],
      modelVersion: 'asked',
      responseId: 'fallback',
    })
  })

  test('several choices end together', () => {
    const list = chunks([
      { type: 'text-delta', block: 0, choice: 1, text: 'b' },
      { type: 'text-delta', block: 1, choice: 0, text: 'a' },
      { type: 'finish', choice: 1, reason: { unified: 'length' } },
      { type: 'finish', choice: 0, reason: { unified: 'stop' } },
    ])
    expect(parts(list, 0)).toEqual([{ text: 'a' }, { text: '' }])
    expect(parts(list, 1)).toEqual([{ text: 'b' }, { text: '' }])
    expect(list).toHaveLength(3)
    expect(list[2]).toMatchObject({
      candidates: [
        { index: 0, finishReason: 'STOP' },
        { index: 1, finishReason: 'MAX_TOKENS' },
      ],
    })
  })

  test('pages once, at the end; why it was filtered; log probabilities with their text', () => {
    const logprobs = { content: [{ token: 'a', logprob: -0.5, top_logprobs: [{ token: 'b', logprob: -1 }] }] }
    const list = chunks([
      { type: 'text-delta', block: 0, choice: 0, text: 'a', logprobs },
      { type: 'annotation', choice: 0, annotation: { url: 'https://a', title: 'A', start: 1 } },
      { type: 'annotation', choice: 0, annotation: { url: 'https://a', title: 'A' } },
      { type: 'annotation', choice: 0, annotation: { url: 'https://b' } },
      { type: 'finish', choice: 0, reason: { unified: 'content-filter', raw: 'refusal' }, refusal: 'no' },
    ])
    expect(list).toMatchObject([
      {
        candidates: [
          {
            logprobsResult: {
              chosenCandidates: [{ token: 'a', logProbability: -0.5 }],
              topCandidates: [{ candidates: [{ token: 'b', logProbability: -1 }] }],
            },
          },
        ],
      },
      {
        candidates: [
          {
            finishReason: 'SAFETY',
            finishMessage: 'no',
            groundingMetadata: {
              groundingChunks: [
                { web: { uri: 'https://a', title: 'A' } },
                { web: { uri: 'https://b', title: 'https://b' } },
              ],
            },
          },
        ],
      },
    ])
  })

  test('nothing but JSON events: no comments, no sentinel', () => {
    const text = stream(replay(reply({ type: 'text', text: 'abc' }), 1))
    for (const event of text.split('\n\n').slice(0, -1)) expect(event).toMatch(/^data: \{.*\}$/)
    expect(text.endsWith('}\n\n')).toBe(true)
  })

  test('an error ends it', () => {
    const encoder = new GeminiStreamEncoder(about)
    const said = encoder.encode({
      type: 'error',
      error: { message: 'broke', status: 503, code: 'overloaded', retryable: true },
    })
    expect(JSON.parse(said.slice('data: '.length))).toMatchObject({
      error: { code: 503, message: 'broke', status: 'UNAVAILABLE' },
    })
    expect(encoder.end()).toBe('')
  })
})

describe('thoughts', () => {
  const sealed = (inner: object): string => seal({ ...origin, ...inner })
  const call = { functionCall: { id: 'c', name: 'f', args: {} } }
  const tool = { type: 'tool-call', id: 'c', name: 'f', arguments: '' } as const

  const table: [name: string, reply: ChatReply, shown: JsonObject[], hidden: JsonObject[]][] = [
    ['unsigned', reply({ type: 'reasoning', text: 'abc' }), [{ text: 'abc', thought: true }], []],
    [
      'signed',
      reply({ type: 'reasoning', text: 'abc', signature: 'S' }),
      [{ text: 'abc', thought: true, thoughtSignature: sealed({ signature: 'S' }) }],
      [{ text: '', thoughtSignature: sealed({ signature: 'S', text: 'abc' }) }],
    ],
    [
      'encrypted',
      reply({ type: 'reasoning', text: '', redacted: 'R' }),
      [{ text: '', thoughtSignature: sealed({ redacted: 'R' }) }],
      [{ text: '', thoughtSignature: sealed({ redacted: 'R' }) }],
    ],
    [
      'signed, before a call',
      reply({ type: 'reasoning', text: 'abc', signature: 'S' }, tool, tool),
      [
        { text: 'abc', thought: true, thoughtSignature: sealed({ signature: 'S' }) },
        { ...call, thoughtSignature: sealed({ signature: 'S', text: 'abc' }) },
        call,
      ],
      [
        { text: '', thoughtSignature: sealed({ signature: 'S', text: 'abc' }) },
        { ...call, thoughtSignature: sealed({ signature: 'S', text: 'abc' }) },
        call,
      ],
    ],
    [
      'encrypted, before a call with a signature of its own',
      reply({ type: 'reasoning', text: '', redacted: 'R' }, { ...tool, signature: 'C' }),
      [
        { text: '', thoughtSignature: sealed({ redacted: 'R' }) },
        { ...call, thoughtSignature: sealed({ signature: 'C' }) },
      ],
      [
        { text: '', thoughtSignature: sealed({ redacted: 'R' }) },
        { ...call, thoughtSignature: sealed({ signature: 'C' }) },
      ],
    ],
  ]

  function textOf(part: JsonObject): string {
    return asString(part['text']) ?? ''
  }

  /** As clients put the pieces of a stream together. */
  function joined(list: JsonObject[]): JsonObject[] {
    return list.slice(0, -1).reduce<JsonObject[]>((all, part) => {
      const last = all.at(-1)
      if (part['thought'] !== true || last?.['thought'] !== true) return [...all, part]
      return [...all.slice(0, -1), { ...last, ...part, text: textOf(last) + textOf(part) }]
    }, [])
  }

  test.each(table)('%s', (_name, whole, shown, hidden) => {
    expect(joined(parts(chunks(replay(whole, 2), asking(true))))).toEqual(shown)
    expect(joined(parts(chunks(replay(whole, 2), asking(false))))).toEqual(hidden)
    const none = [{ text: '' }]
    expect(parts([encodeWhole(whole, asking(true))])).toEqual(shown)
    expect(parts([encodeWhole(whole, asking(false))])).toEqual(hidden.length === 0 ? none : hidden)
  })

  test('what was not asked for is not shown', () => {
    const { value: request } = read({})
    const whole = reply({ type: 'reasoning', text: 'abc' }, { type: 'text', text: 'd' })
    expect(parts([encodeWhole(whole, { ...about, includeReasoning: true, request })])).toEqual([{ text: 'd' }])
  })

  test.each([true, false])('all of it comes back, shown: %s', (includeThoughts) => {
    const whole = reply(
      { type: 'reasoning', text: 'abc', signature: 'S' },
      { type: 'text', text: 'd' },
      { type: 'reasoning', text: '', redacted: 'R' },
      { ...tool, arguments: '{"a":1}' },
    )
    const answers = {
      stream: chunks(replay(whole, 2), asking(includeThoughts)),
      whole: [encodeWhole(whole, asking(includeThoughts))],
    }
    for (const answer of Object.values(answers)) {
      const contents = [
        { role: 'user', parts: [{ text: 'q' }] },
        ...answer.flatMap((each) =>
          (each['candidates'] as unknown as Candidate[]).map(({ content }) => ({ ...content })),
        ),
      ]
      const [, assistant] = read({ contents }).value.messages
      const expected = whole.choices[0]?.parts.map((part) => (part.type === 'reasoning' ? { ...part, origin } : part))
      expect(assistant?.parts).toEqual(expected)
    }
  })

  test.each([
    ['nothing', []],
    ['text', [{ type: 'text', text: 'Let me see' } as const]],
  ])('Gemini CLI forgets thoughts, and calls bring them back; between them: %s', (_name, between) => {
    const whole = reply({ type: 'reasoning', text: 'abc', signature: 'S' }, ...between, tool)
    for (const isForgotten of [
      (part: JsonObject) => part['thought'] === true || part['text'] === '',
      // Others only forget signatures of thoughts.
      (part: JsonObject) => part['text'] === '',
    ]) {
      const kept = parts(chunks(replay(whole), asking(true))).filter((part) => !isForgotten(part))
      const contents = [{ parts: [{ text: 'q' }] }, { role: 'model', parts: kept }]
      expect(read({ contents }).value.messages[1]?.parts).toEqual([
        { type: 'reasoning', text: 'abc', signature: 'S', origin },
        ...between,
        { ...tool, arguments: '{}' },
      ])
    }
  })
})

const everything: ChatReply = {
  id: 'x',
  model: 'm-2',
  serviceTier: 'flex',
  choices: [
    {
      parts: [
        { type: 'reasoning', text: 'think' },
        { type: 'text', text: 'a "quoted"\nline \u2028 ü 🙂' },
        { type: 'tool-call', id: 'c1', name: 'f', arguments: '{"a":1}' },
        { type: 'tool-call', id: 'c2', name: 'g', arguments: '{}' },
      ],
      annotations: [{ url: 'https://a', title: 'A' }],
      finish: { unified: 'tool-calls', raw: 'STOP' },
    },
    {
      parts: [{ type: 'refusal', text: 'no' }],
      annotations: [],
      finish: { unified: 'content-filter', raw: 'SAFETY' },
    },
  ],
  usage: { input: 10, output: 5, cacheRead: 4, reasoning: 3, inputAudio: 2, serviceTier: 'flex' },
}

describe("our provider side reads what it would read of Google's", () => {
  function withoutRaw({ usage, ...rest }: ChatReply): ChatReply {
    const { raw: _, ...counts } = usage ?? {}
    return { ...rest, usage: counts }
  }

  test('whole', () => {
    const events: ChatEvent[] = []
    decodeWhole(encodeWhole(everything, asking(true)), (event) => events.push(event))
    const { serviceTier, ...rest } = withoutRaw(collect(events))
    expect({ serviceTier, ...rest }).toEqual(everything)
  })

  test('stream', () => {
    const events: ChatEvent[] = []
    const decoder = decodeStream((event) => events.push(event))
    // The refusal is told with the finish, as the filters' are.
    const all = [...replay(everything, 3)].filter(({ type }) => type !== 'refusal-delta')
    const told = all.map((event) =>
      event.type === 'finish' && event.choice === 1 ? { ...event, refusal: 'no' } : event,
    )
    for (const chunk of chunks(told, asking(true))) decoder.event(undefined, JSON.stringify(chunk))
    decoder.end()
    const { serviceTier: _, ...expected } = everything
    const { serviceTier: _late, ...got } = withoutRaw(collect(events))
    expect(got).toEqual(expected)
  })
})

describe('whole', () => {
  test('golden', () => {
    expect(encodeWhole(everything, asking(true))).toEqual({
      candidates: [
        {
          content: {
            parts: [
              { text: 'think', thought: true },
              { text: 'a "quoted"\nline \u2028 ü 🙂' },
              { functionCall: { id: 'c1', name: 'f', args: { a: 1 } } },
              { functionCall: { id: 'c2', name: 'g', args: {} } },
            ],
            role: 'model',
          },
          finishReason: 'STOP',
          index: 0,
          groundingMetadata: { groundingChunks: [{ web: { uri: 'https://a', title: 'A' } }] },
        },
        { content: { parts: [{ text: '' }], role: 'model' }, finishReason: 'SAFETY', finishMessage: 'no', index: 1 },
      ],
      usageMetadata: {
        promptTokenCount: 10,
        candidatesTokenCount: 2,
        totalTokenCount: 15,
        cachedContentTokenCount: 4,
        thoughtsTokenCount: 3,
        promptTokensDetails: [
          { modality: 'TEXT', tokenCount: 8 },
          { modality: 'AUDIO', tokenCount: 2 },
        ],
        serviceTier: 'flex',
      },
      modelVersion: 'm-2',
      responseId: 'x',
    })
  })

  test('a refusal that was no filter is text', () => {
    expect(parts([encodeWhole(reply({ type: 'refusal', text: 'no' }), about)])).toEqual([{ text: 'no' }])
  })

  test.each([
    ['not JSON', 'x=1', { arguments: 'x=1' }],
    ['no object', '[1]', { arguments: '[1]' }],
  ])('arguments that are %s', (_name, text, args) => {
    const whole = reply({ type: 'tool-call', id: 'c', name: 'f', arguments: text })
    expect(parts([encodeWhole(whole, about)])).toEqual([{ functionCall: { id: 'c', name: 'f', args } }])
  })

  test.each<[string, Usage | undefined, JsonObject | undefined]>([
    ['unknown', undefined, undefined],
    ['only a tier', { serviceTier: 'flex' }, undefined],
    ['zero', { input: 0, output: 0 }, { promptTokenCount: 0, candidatesTokenCount: 0, totalTokenCount: 0 }],
    ['half', { output: 4 }, { promptTokenCount: 0, candidatesTokenCount: 4, totalTokenCount: 4 }],
  ])('usage: %s', (_name, usage, expected) => {
    const whole = { ...reply({ type: 'text', text: 'a' }), ...(usage === undefined ? {} : { usage }) }
    expect(encodeWhole(whole, about)['usageMetadata']).toEqual(expected)
  })
})

test.each<[FinishReason, string]>([
  [{ unified: 'stop' }, 'STOP'],
  [{ unified: 'stop', raw: 'end_turn' }, 'STOP'],
  [{ unified: 'tool-calls', raw: 'tool_calls' }, 'STOP'],
  [{ unified: 'length', raw: 'max_tokens' }, 'MAX_TOKENS'],
  [{ unified: 'content-filter', raw: 'refusal' }, 'SAFETY'],
  [{ unified: 'content-filter', raw: 'RECITATION' }, 'RECITATION'],
  [{ unified: 'error', raw: 'error' }, 'MALFORMED_RESPONSE'],
  [{ unified: 'error', raw: 'MALFORMED_FUNCTION_CALL' }, 'MALFORMED_FUNCTION_CALL'],
  [{ unified: 'other', raw: 'LANGUAGE' }, 'LANGUAGE'],
  [{ unified: 'other', raw: 'constructor' }, 'OTHER'],
  // Somebody else's word that is also Google's, for something else.
  [{ unified: 'stop', raw: 'MAX_TOKENS' }, 'STOP'],
])('finish %o', (reason, word) => {
  expect(finishWord(reason)).toBe(word)
})

test('the client side has it all', () => {
  expect(geminiClient.chat?.idPrefix).toBe('')
  expect(geminiClient.chat?.encodeStream(about).end()).toContain('"candidates"')
})
