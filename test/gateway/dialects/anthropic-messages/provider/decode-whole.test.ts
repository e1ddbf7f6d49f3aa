import { describe, expect, test } from 'vitest'
import { collect } from '../../../../../gateway/chat/collect.ts'
import type { Json, JsonObject } from '../../../../../gateway/chat/json.ts'
import { checkEvents } from '../../../../conformance/event-invariants.ts'
import { citation, toolCall, whole } from './wire-events.ts'

describe('whole answers', () => {
  const body: JsonObject = {
    type: 'message',
    id: 'msg_1',
    model: 'claude-x',
    role: 'assistant',
    container: null,
    content: [
      { type: 'thinking', thinking: 'hm', signature: 's' },
      { type: 'redacted_thinking', data: 'b3BhcXVl' },
      { type: 'text', text: 'Grüße', citations: [citation] },
      { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} },
      { type: 'tool_use', id: 'toolu_4', name: 'weather', input: { city: 'Paris' } },
      { type: 'tool_use', id: 'toolu_5', name: 'weather', input: {} },
    ],
    stop_reason: 'tool_use',
    stop_details: null,
    usage: { input_tokens: 9, output_tokens: 5, service_tier: 'standard' },
  }

  test('are the same events as their stream', () => {
    const seen = whole(body)
    expect(checkEvents(seen)).toEqual([])
    expect(collect(seen)).toEqual({
      id: 'msg_1',
      model: 'claude-x',
      serviceTier: 'standard',
      usage: { input: 9, output: 5, serviceTier: 'standard', raw: body['usage'] },
      choices: [
        {
          parts: [
            { type: 'reasoning', text: 'hm', signature: 's' },
            { type: 'reasoning', text: '', redacted: 'b3BhcXVl' },
            { type: 'text', text: 'Grüße' },
            toolCall(4, '{"city":"Paris"}'),
            toolCall(5, '{}'),
          ],
          annotations: [{ url: 'https://example.com/', title: 'Example', start: 0, end: 5 }],
          finish: { unified: 'tool-calls', raw: 'tool_use' },
        },
      ],
    })
  })

  test('a refusal', () => {
    const seen = whole({
      ...body,
      content: [],
      stop_reason: 'refusal',
      stop_details: { type: 'refusal', explanation: 'No.' },
    })
    expect(seen.at(-1)).toMatchObject({ type: 'finish', refusal: 'No.' })
  })

  const failures: [name: string, body: Json, error: object][] = [
    [
      'an error',
      { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
      { status: 503, retryable: true },
    ],
    ['an error in words', { error: 'no upstream' }, { message: 'no upstream', status: 502 }],
    ['another shape', { choices: [] }, { code: 'upstream_invalid_response', status: 502 }],
    ['no object', null, { code: 'upstream_invalid_response' }],
    ['a list', [], { code: 'upstream_invalid_response' }],
  ]
  test.each(failures)('%s instead', (_name, body, error) => {
    const seen = whole(body)
    expect(seen).toMatchObject([{ type: 'error', error }])
  })
})
