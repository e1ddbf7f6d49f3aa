import { describe, expect, test } from 'vitest'
import { collect } from '../../../../../gateway/chat/collect.ts'
import type { Json } from '../../../../../gateway/chat/json.ts'
import { checkEvents } from '../../../../conformance/event-invariants.ts'
import { candidate, finishesOf, partsOf, stop, stream, whole } from './decoding.ts'

test('the events of a small stream, one by one', () => {
  const about = { responseId: 'r1', modelVersion: 'gemini-3-flash', createTime: '2026-04-02T17:03:50.399550Z' }
  const chunks = [
    {
      ...about,
      ...(candidate([{ text: 'Hm. ', thought: true }]) as object),
      usageMetadata: { promptTokenCount: 5, totalTokenCount: 5, serviceTier: 'flex' },
    },
    candidate([{ text: 'Hel' }]),
    candidate([{ text: 'lo' }], stop),
  ] as Json[]
  const events = stream(chunks)
  expect(events).toEqual([
    { type: 'start', id: 'r1', model: 'gemini-3-flash', created: 1_775_149_430, serviceTier: 'flex' },
    { type: 'reasoning-start', block: 0, choice: 0 },
    { type: 'reasoning-delta', block: 0, choice: 0, text: 'Hm. ' },
    {
      type: 'usage',
      usage: {
        input: 5,
        output: 0,
        serviceTier: 'flex',
        raw: { promptTokenCount: 5, totalTokenCount: 5, serviceTier: 'flex' },
      },
    },
    { type: 'reasoning-end', block: 0, choice: 0 },
    { type: 'text-start', block: 1, choice: 0 },
    { type: 'text-delta', block: 1, choice: 0, text: 'Hel' },
    { type: 'text-delta', block: 1, choice: 0, text: 'lo' },
    { type: 'text-end', block: 1, choice: 0 },
    { type: 'finish', choice: 0, reason: { unified: 'stop', raw: 'STOP' } },
  ])
  expect(checkEvents(events)).toEqual([])
})

describe('finish', () => {
  test.each([
    ['STOP', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['SAFETY', 'content-filter'],
    ['RECITATION', 'content-filter'],
    ['BLOCKLIST', 'content-filter'],
    ['PROHIBITED_CONTENT', 'content-filter'],
    ['SPII', 'content-filter'],
    ['IMAGE_SAFETY', 'content-filter'],
    ['MALFORMED_FUNCTION_CALL', 'error'],
    ['UNEXPECTED_TOOL_CALL', 'error'],
    ['TOO_MANY_TOOL_CALLS', 'error'],
    ['MALFORMED_RESPONSE', 'error'],
    ['LANGUAGE', 'other'],
    ['OTHER', 'other'],
    ['CONTINUATION', 'other'],
    ['NO_IMAGE', 'other'],
    ['constructor', 'other'],
  ])('%s -> %s', (finishReason, unified) => {
    const reason = { unified, raw: finishReason }
    for (const events of [
      whole(candidate([{ text: 'a' }], { finishReason })),
      stream([candidate([], { finishReason })]),
    ])
      expect(finishesOf(events)).toEqual([{ type: 'finish', choice: 0, reason }])
  })

  test('STOP after a function call anywhere in the stream', () => {
    const events = stream([
      candidate([{ functionCall: { name: 'f', args: {} } }]),
      candidate([{ text: 'so' }]),
      candidate([], stop),
    ])
    expect(finishesOf(events)).toEqual([{ type: 'finish', choice: 0, reason: { unified: 'tool-calls', raw: 'STOP' } }])
  })

  test('MAX_TOKENS after a function call stays length', () => {
    const events = stream([candidate([{ functionCall: { name: 'f', args: {} } }], { finishReason: 'MAX_TOKENS' })])
    expect(finishesOf(events)).toMatchObject([{ reason: { unified: 'length' } }])
  })

  test('STOP in every chunk, as older models send it, finishes once', () => {
    const events = stream([candidate([{ text: 'a' }], stop), candidate([{ text: 'b' }], stop)])
    expect(checkEvents(events)).toEqual([])
    expect(partsOf(events)).toEqual([{ type: 'text', text: 'ab' }])
  })

  test("a filtered answer carries Google's message as refusal", () => {
    const events = whole(candidate([], { finishReason: 'SAFETY', finishMessage: 'Blocked for safety.' }))
    expect(finishesOf(events)).toMatchObject([{ refusal: 'Blocked for safety.' }])
    expect(
      finishesOf(whole(candidate([], { ...stop, finishMessage: 'Model generated function call(s).' })))[0],
    ).not.toHaveProperty('refusal')
  })

  test.each([
    [{ blockReason: 'PROHIBITED_CONTENT' }, 'Google blocked the prompt (PROHIBITED_CONTENT).'],
    [{ blockReason: 'PROHIBITED_CONTENT', blockReasonMessage: 'Not this.' }, 'Not this.'],
  ])('a blocked prompt %j', (promptFeedback, refusal) => {
    const body = { promptFeedback, usageMetadata: { promptTokenCount: 7, totalTokenCount: 7 } }
    for (const events of [whole(body), stream([body])]) {
      expect(checkEvents(events)).toEqual([])
      expect(finishesOf(events)).toEqual([
        { type: 'finish', choice: 0, reason: { unified: 'content-filter', raw: 'PROHIBITED_CONTENT' }, refusal },
      ])
      expect(collect(events).usage).toMatchObject({ input: 7, output: 0 })
    }
  })

  test('a block reason that is none', () => {
    const body = {
      ...(candidate([{ text: 'a' }], stop) as object),
      promptFeedback: { blockReason: 'BLOCK_REASON_UNSPECIFIED' },
    } as Json
    expect(finishesOf(whole(body))).toMatchObject([{ reason: { unified: 'stop' } }])
  })
})

describe('choices', () => {
  test('candidates are choices, each with its own blocks and finish', () => {
    const chunk = (zero: string, one: string, more: object = {}): Json => ({
      candidates: [
        { index: 0, content: { parts: [{ text: zero }] }, ...more },
        { index: 1, content: { parts: [{ text: one }] }, ...more },
      ],
    })
    const events = stream([chunk('a', 'x'), chunk('b', 'y', stop)])
    expect(checkEvents(events)).toEqual([])
    expect(partsOf(events, 0)).toEqual([{ type: 'text', text: 'ab' }])
    expect(partsOf(events, 1)).toEqual([{ type: 'text', text: 'xy' }])
  })

  test('an index that is none is passed over', () => {
    const body: Json = {
      candidates: [
        { index: 1e9, content: { parts: [{ text: 'a' }] } },
        { content: { parts: [{ text: 'b' }] }, ...stop },
      ],
    }
    expect(collect(whole(body)).choices).toHaveLength(1)
  })
})

describe('reasoning and signatures', () => {
  test('a signed thought', () => {
    const events = stream([candidate([{ text: 'hm', thought: true, thoughtSignature: 'S+/=' }, { text: 'a' }], stop)])
    expect(partsOf(events)).toEqual([
      { type: 'reasoning', text: 'hm', signature: 'S+/=' },
      { type: 'text', text: 'a' },
    ])
  })

  test('signatures that follow each other are thoughts of their own, in their order', () => {
    const thought = (text: string, thoughtSignature: string): Json => ({ text, thought: true, thoughtSignature })
    const signed = [{ text: '', thoughtSignature: 'A' }, thought('b', 'B'), thought('c', 'C')]
    const events = stream([
      candidate([...signed, { text: '', thoughtSignature: 'D' }, { text: '', thoughtSignature: 'E' }], stop),
    ])
    expect(checkEvents(events)).toEqual([])
    expect(partsOf(events)).toEqual([
      { type: 'reasoning', text: '', signature: 'A' },
      { type: 'reasoning', text: 'b', signature: 'B' },
      { type: 'reasoning', text: 'c', signature: 'C' },
      { type: 'reasoning', text: '', signature: 'D' },
      { type: 'reasoning', text: '', signature: 'E' },
    ])
  })

  test.each<[string, Json[]]>([
    ['on the text', [candidate([{ text: 'a', thoughtSignature: 'S' }], stop)]],
    ['on an empty text behind', [candidate([{ text: 'a' }]), candidate([{ text: '', thoughtSignature: 'S' }], stop)]],
    ['on the first of two texts', [candidate([{ text: '', thoughtSignature: 'S' }]), candidate([{ text: 'a' }], stop)]],
  ])('the signature of a text, %s, is an empty thought behind it', (_name, chunks) => {
    const events = stream(chunks)
    expect(checkEvents(events)).toEqual([])
    expect(partsOf(events)).toEqual([
      { type: 'text', text: 'a' },
      { type: 'reasoning', text: '', signature: 'S' },
    ])
  })

  test('a text and the call after it keep each its signature', () => {
    const call = { functionCall: { name: 'f', args: {}, id: 'x' }, thoughtSignature: 'C' }
    expect(partsOf(stream([candidate([{ text: 'a', thoughtSignature: 'T' }, call], stop)]))).toEqual([
      { type: 'text', text: 'a' },
      { type: 'reasoning', text: '', signature: 'T' },
      { type: 'tool-call', id: 'x', name: 'f', arguments: '{}', signature: 'C' },
    ])
  })
})

test('pages the answer is grounded on are annotations, each once', () => {
  const groundingMetadata: Json = {
    groundingChunks: [
      { web: { uri: 'https://a.example', title: 'A' } },
      { web: { uri: 'https://b.example' } },
      { retrievedContext: { uri: 'gs://bucket/file.pdf', title: 'file' } },
      { web: null },
    ],
    groundingSupports: [{ segment: { endIndex: 3 }, groundingChunkIndices: [0] }],
  }
  const events = stream([
    candidate([{ text: 'abc' }], { groundingMetadata }),
    candidate([], { groundingMetadata, ...stop }),
  ])
  expect(checkEvents(events)).toEqual([])
  expect(collect(events).choices[0]?.annotations).toEqual([
    { url: 'https://a.example', title: 'A' },
    { url: 'https://b.example' },
  ])
})

test("logprobs in OpenAI's shape, with the text they belong to", () => {
  const logprobsResult: Json = {
    chosenCandidates: [{ token: 'é', logProbability: -0.5, tokenId: 1 }, { token: '!' }],
    topCandidates: [
      {
        candidates: [
          { token: 'é', logProbability: -0.5 },
          { token: 'e', logProbability: -2 },
        ],
      },
    ],
  }
  const events = whole(
    candidate([{ text: 'h', thought: true }, { text: 'é!' }, { text: '?' }], { logprobsResult, ...stop }),
  )
  expect(collect(events).choices[0]?.logprobs).toEqual({
    content: [
      {
        token: 'é',
        logprob: -0.5,
        bytes: [195, 169],
        top_logprobs: [
          { token: 'é', logprob: -0.5, bytes: [195, 169] },
          { token: 'e', logprob: -2, bytes: [101] },
        ],
      },
      { token: '!', logprob: 0, bytes: [33], top_logprobs: [] },
    ],
  })
})

test('parts without canonical form are passed over', () => {
  const odd: Json[] = [
    { inlineData: { mimeType: 'image/png', data: 'AA==' } },
    { executableCode: { code: '1' } },
    { codeExecutionResult: { outcome: 'OUTCOME_OK' } },
    { toolCall: { toolType: 'X' } },
    null,
    'x',
    { text: null },
    { future: {} },
  ]
  const events = stream([candidate([...odd, { text: 'a' }], stop)])
  expect(partsOf(events)).toEqual([{ type: 'text', text: 'a' }])
  expect(checkEvents(events)).toEqual([])
})

describe('what goes wrong', () => {
  const error = { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' }
  const overloaded = {
    type: 'error',
    error: {
      message: 'The model is overloaded.',
      type: 'server_error',
      code: 'UNAVAILABLE',
      status: 503,
      retryable: true,
    },
  }

  test.each<[string, Json]>([
    ['object', { error }],
    ['array', [{ error }]],
  ])('an error inside a 200: %s', (_name, body) => {
    expect(whole(body)).toEqual([overloaded])
    expect(stream([body])).toEqual([overloaded])
    const late = stream([candidate([{ text: 'a' }]), body, candidate([{ text: 'b' }], stop)])
    expect(checkEvents(late)).toEqual([])
    expect(late.at(-1)).toEqual(overloaded)
    expect(partsOf(late)).toEqual([{ type: 'text', text: 'a' }])
  })

  test.each<[string, (Json | string)[]]>([
    ['nothing at all', []],
    ['no finish reason', [candidate([{ text: 'a' }])]],
    ['an open call', [candidate([{ functionCall: { name: 'f', willContinue: true } }])]],
    [
      'one of two choices',
      [
        {
          candidates: [
            { index: 0, ...stop },
            { index: 1, content: { parts: [{ text: 'a' }] } },
          ],
        },
      ],
    ],
    ["OpenAI's sentinel is no end", [candidate([{ text: 'a' }]), '[DONE]']],
  ])('a truncated stream: %s', (_name, chunks) => {
    const events = stream(chunks)
    expect(checkEvents(events)).toEqual([])
    expect(events.at(-1)).toMatchObject({
      type: 'error',
      error: { code: 'stream_truncated', status: 502, retryable: true },
    })
  })

  test.each(['{"candidates":', 'null', '"text"', '7'])('a chunk that is no object: %s', (data) => {
    const events = stream([candidate([{ text: 'a' }]), data, candidate([{ text: 'b' }], stop)])
    expect(checkEvents(events)).toEqual([])
    expect(events.at(-1)).toMatchObject({ type: 'error', error: { code: 'upstream_invalid_response' } })
  })

  test('a whole body without candidates, and one without finish reason', () => {
    expect(whole({ usageMetadata: { promptTokenCount: 1 } }).at(-1)).toMatchObject({
      error: { code: 'upstream_empty_response' },
    })
    expect(finishesOf(whole(candidate([{ text: 'a' }])))).toEqual([
      { type: 'finish', choice: 0, reason: { unified: 'other' } },
    ])
  })

  test('an array of chunks, as without alt=sse, is one answer', () => {
    expect(partsOf(whole([candidate([{ text: 'a' }]), candidate([{ text: 'b' }], stop)]))).toEqual([
      { type: 'text', text: 'ab' },
    ])
  })
})

test('what Google runs and draws shows nothing but is not nothing', () => {
  const parts = [
    { executableCode: { language: 'PYTHON', code: '1' } },
    { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' } },
    { inlineData: { mimeType: 'image/png', data: 'AA==' }, thoughtSignature: 's' },
    { thoughtSignature: 's' },
    {},
    { text: 'x' },
  ]
  const events = whole(candidate(parts, stop))
  expect(events.filter(({ type }) => type === 'activity')).toHaveLength(3)
  expect(checkEvents(events)).toEqual([])
})
