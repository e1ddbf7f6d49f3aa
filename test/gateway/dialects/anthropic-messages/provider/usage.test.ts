import { expect, test } from 'vitest'
import type { JsonObject } from '../../../../../gateway/chat/json.ts'
import type { Usage } from '../../../../../gateway/chat/usage.ts'
import {
  mergeWireUsage,
  readEarlyUsage,
  readUsage,
} from '../../../../../gateway/dialects/anthropic-messages/provider/usage.ts'

const cases: [name: string, wire: JsonObject, usage: Usage][] = [
  ['plain', { input_tokens: 10, output_tokens: 5 }, { input: 10, output: 5 }],
  ['zero is told', { input_tokens: 0, output_tokens: 0 }, { input: 0, output: 0 }],
  ['nothing told', {}, {}],
  [
    'input_tokens excludes what was read from and written to the cache',
    {
      input_tokens: 10,
      cache_creation_input_tokens: 300,
      cache_read_input_tokens: 2000,
      cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 200 },
      output_tokens: 5,
    },
    { input: 2310, cacheRead: 2000, cacheWrite: 300, cacheWrite1h: 200, output: 5 },
  ],
  [
    'writes told by lifetime only',
    { input_tokens: 1, cache_creation: { ephemeral_5m_input_tokens: 100 }, output_tokens: 5 },
    { input: 101, cacheWrite: 100, output: 5 },
  ],
  [
    'thinking, searches, tier',
    {
      input_tokens: 1,
      output_tokens: 50,
      output_tokens_details: { thinking_tokens: 40 },
      server_tool_use: { web_search_requests: 2 },
      service_tier: 'priority',
    },
    { input: 1, output: 50, reasoning: 40, webSearches: 2, serviceTier: 'priority' },
  ],
  [
    'compaction is billed too; other iterations are in the totals or at other rates',
    {
      input_tokens: 612,
      output_tokens: 2819,
      cache_read_input_tokens: 0,
      iterations: [
        { type: 'compaction', input_tokens: 60_385, output_tokens: 522, cache_read_input_tokens: 3 },
        { type: 'message', input_tokens: 612, output_tokens: 2819 },
        { type: 'advisor_message', input_tokens: 7, output_tokens: 7 },
      ],
    },
    { input: 61_000, output: 3341, cacheRead: 3 },
  ],
  ['nulls are not told', { input_tokens: null, output_tokens: 5, cache_read_input_tokens: null }, { output: 5 }],
]

test.each(cases)('%s', (_name, wire, usage) => {
  expect(readUsage(wire)).toEqual({ ...usage, raw: wire })
})

test('the last word that is not null counts', () => {
  const merged = mergeWireUsage(
    { input_tokens: 43, output_tokens: 1, service_tier: 'standard' },
    { input_tokens: 61, output_tokens: 2, service_tier: null },
  )
  expect(merged).toEqual({ input_tokens: 61, output_tokens: 2, service_tier: 'standard' })
})

test('early usage says nothing of the output', () => {
  expect(readEarlyUsage({ input_tokens: 43, output_tokens: 1 })).toEqual({
    input: 43,
    raw: { input_tokens: 43, output_tokens: 1 },
  })
})

test.each([-5, 1.5, 1e300, '7', null])(
  'a count of %j is none: it would make the call cheaper than nothing',
  (count) => {
    const wire = { input_tokens: count, output_tokens: count, cache_read_input_tokens: count }
    expect(readUsage(wire)).toEqual({ raw: wire })
  },
)
