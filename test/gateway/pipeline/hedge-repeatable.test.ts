import { expect, test } from 'vitest'
import type { JsonObject } from '../../../gateway/chat/json.ts'
import type { DialectId } from '../../../gateway/dialects/dialect.ts'
import { callsToolsElsewhere, isRepeatable } from '../../../gateway/pipeline/hedge-repeatable.ts'
import { call, dialect, target } from './stage.ts'

/** [name, dialect, members, whether two may be asked at once] */
const rows: [string, DialectId, JsonObject, boolean][] = [
  ['chat', 'openai-chat', {}, true],
  ['chat that is kept', 'openai-chat', { store: true }, false],
  ['chat that is not', 'openai-chat', { store: false }, true],
  ['Responses keep unless told otherwise', 'openai-responses', {}, false],
  ['Responses that are not kept', 'openai-responses', { store: false }, true],
  ['in the background', 'openai-responses', { store: false, background: true }, false],
  ['not in the background', 'openai-responses', { store: false, background: false }, true],
  ['of an answer before', 'openai-responses', { store: false, previous_response_id: 'resp_1' }, false],
  ['of a conversation', 'openai-responses', { store: false, conversation: 'conv_1' }, false],
  ['of none', 'openai-responses', { store: false, conversation: null }, true],
  ['messages', 'anthropic-messages', {}, true],
  ['in a container', 'anthropic-messages', { container: 'container_1' }, false],
  ['with servers of tools', 'anthropic-messages', { mcp_servers: [{ type: 'url' }] }, false],
  ['embeddings', 'openai-embeddings', { input: 'x' }, true],
  ['completions', 'openai-completions', { prompt: 'x' }, true],
  ['Gemini', 'gemini', { contents: [] }, true],
]

test.each(rows)('%s (%s)', (_, id, members, expected) => {
  const of = call({ model: 'm', ...members }, { dialect: dialect(id) })
  const targets = [target(), target({ passThrough: false })]
  expect(isRepeatable(of, targets)).toBe(expected)
})

test('translated nothing of that goes out', () => {
  const of = call({ model: 'm', input: 'x', background: true }, { dialect: dialect('openai-responses') })
  expect(isRepeatable(of, [target({ passThrough: false }), target({ passThrough: false })])).toBe(true)
})

test.each([
  ['a function', [{ type: 'function', name: 'mcp' }], false],
  [
    'tools that the provider calls elsewhere',
    [
      { type: 'function', name: 'f' },
      { type: 'mcp', server_url: 'x' },
    ],
    true,
  ],
  ['none', undefined, false],
])('%s', (_, tools, expected) => {
  expect(callsToolsElsewhere(call({ model: 'm', ...(tools !== undefined && { tools }) }))).toBe(expected)
})
