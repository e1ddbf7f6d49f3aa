import { describe, expect, test } from 'vitest'
import { collect } from '../../../../../gateway/chat/collect.ts'
import type { ChatEvent } from '../../../../../gateway/chat/event.ts'
import type { JsonObject } from '../../../../../gateway/chat/json.ts'
import { decodeStream } from '../../../../../gateway/dialects/anthropic-messages/provider/decode.ts'
import { checkEvents } from '../../../../conformance/event-invariants.ts'
import { decode, end, message, open, say, start, stop, textBlock, toolBlock } from './wire-events.ts'

describe('streams that go wrong', () => {
  const begun = [start, open(0, { type: 'text', text: '' }), say(0, 'a')]
  const failures: [name: string, events: JsonObject[], error: object][] = [
    [
      'overloaded at once',
      [{ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }],
      { message: 'Overloaded', status: 503, code: 'overloaded', retryable: true },
    ],
    [
      'an error in the middle',
      [...begun, { type: 'error', error: { type: 'invalid_request_error', message: 'No.' } }, stop],
      { message: 'No.', status: 400, retryable: false },
    ],
    ["a proxy's error", [...begun, { error: { message: 'gone' } }], { message: 'gone', status: 502 }],
    ['no end', begun, { code: 'stream_truncated', status: 502, retryable: true }],
    ['nothing', [], { code: 'stream_truncated' }],
    ['an end in the middle of arguments', [start, ...toolBlock(0, '{"ci').slice(0, -1)], { code: 'stream_truncated' }],
    [
      'another answer inside',
      [
        ...begun,
        { type: 'message_start', message: { ...message, id: 'msg_2' } },
        ...textBlock(0, 'b'),
        end('end_turn'),
        stop,
      ],
      { code: 'upstream_invalid_response', status: 502, retryable: true },
    ],
  ]
  test.each(failures)('%s', (_name, events, error) => {
    const seen = decode(events)
    expect(checkEvents(seen)).toEqual([])
    expect(collect(seen).error).toMatchObject(error)
  })

  test('data that is not JSON', () => {
    const seen: ChatEvent[] = []
    const decoder = decodeStream((event) => seen.push(event))
    decoder.event('message_start', JSON.stringify(start))
    decoder.event('content_block_delta', '{"type":"content_block_del')
    decoder.end()
    expect(checkEvents(seen)).toEqual([])
    expect(collect(seen).error).toMatchObject({ code: 'upstream_invalid_response', status: 502 })
  })

  test('an error event in plain words', () => {
    const seen: ChatEvent[] = []
    decodeStream((event) => seen.push(event)).event('error', 'Overloaded')
    expect(seen).toMatchObject([{ type: 'error', error: { message: 'Overloaded', status: 502 } }])
  })

  test('a reason without message_stop is an end', () => {
    const seen = decode([...begun, end('max_tokens')])
    expect(checkEvents(seen)).toEqual([])
    expect(seen.at(-1)).toMatchObject({ type: 'finish', reason: { unified: 'length' } })
  })

  test('message_stop without a reason is an end of unknown reason', () => {
    expect(decode([...begun, stop]).at(-1)).toMatchObject({ type: 'finish', reason: { unified: 'other' } })
  })
})
