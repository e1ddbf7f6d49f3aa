import { describe, expect, test } from 'vitest'
import { errorWords, readBody, type BodyText } from '../../../../renderer/pages/traffic/body-text.ts'

describe('readBody', () => {
  const cases: [name: string, body: string, shown: BodyText][] = [
    ['JSON is laid out', '{"a":[1]}', { kind: 'json', readable: '{\n  "a": [\n    1\n  ]\n}' }],
    ['JSON that was cut is text', '{"a":[1', { kind: 'text', readable: '{"a":[1' }],
    ['anything else', '<html>', { kind: 'text', readable: '<html>' }],
    [
      'a stream of chat completions',
      'data: {"choices":[{"delta":{"content":"Hel"}}]}\n\ndata: {"choices":[{"delta":{"content":"lo"}}]}\n\ndata: [DONE]\n\n',
      { kind: 'stream', readable: 'Hello' },
    ],
    [
      'a stream of messages',
      'event: content_block_delta\r\ndata: {"type":"content_block_delta","delta":{"type":"text_delta","text":"Hi"}}\r\n\r\n',
      { kind: 'stream', readable: 'Hi' },
    ],
    [
      'a stream of responses',
      'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","delta":"Ho"}\n\n',
      { kind: 'stream', readable: 'Ho' },
    ],
    [
      'a stream of tool calls has no text',
      'data: {"choices":[{"delta":{"tool_calls":[]}}]}\n\n',
      { kind: 'stream', readable: '' },
    ],
  ]
  test.each(cases)('%s', (_, body, shown) => {
    expect(readBody(body)).toEqual(shown)
  })
})

describe('errorWords', () => {
  const cases: [name: string, body: string, words: string | undefined][] = [
    ['of a JSON body', '{"error":{"message":"Too many","code":"rate_limited"}}', 'Too many'],
    ['of the end of a stream', 'data: {"choices":[]}\n\ndata: {"error":{"message":"Overloaded"}}\n\n', 'Overloaded'],
    ['none', '{"choices":[]}', undefined],
    ['an error that is no object', '{"error":"no"}', undefined],
    ['not JSON', 'Bad gateway', undefined],
  ]
  test.each(cases)('%s', (_, body, words) => {
    expect(errorWords(body)).toBe(words)
  })
})
