import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../gateway/chat/json.ts'
import { canonicalRequest } from '../../../gateway/pipeline/canonical.ts'
import { questionOf } from '../../../gateway/semantic/question.ts'
import { call } from '../pipeline/stage.ts'

const text = 'What is the capital of France?'

function read(body: JsonObject) {
  const asked = call({ model: 'm', messages: [{ role: 'user', content: text }], ...body })
  return questionOf(canonicalRequest(asked).value, asked.json())
}

function said(content: unknown): JsonObject {
  return { messages: [{ role: 'user', content: content as string }] }
}

test('the question, and all the rest without it', () => {
  expect(read({ temperature: 0 })).toEqual({
    text,
    rest: { model: 'm', messages: [{ role: 'user', content: '\u0000question' }], temperature: 0 },
  })
})

describe('there is none', () => {
  const table: [what: string, body: JsonObject][] = [
    ['in code', said('What is wrong here?\n```\nlet a = 1\n```')],
    ['in a line of code', said('What does this do?\nfoo();\nbar();')],
    ['in a list', said('Which one is best?\n- tea\n- coffee')],
    ['in a heading', said('# Title\nWhat is it about?')],
    ['in a table', said('What is the sum?\n| 1 | 2 |')],
    ['in HTML', said('What is <b>this</b> about?')],
    ['in very little text', said('Why me?')],
    ['in much text', said('why '.repeat(600))],
    ['in nothing but blanks', said(' '.repeat(40))],
    [
      'in two parts',
      said([
        { type: 'text', text },
        { type: 'text', text: 'Really?' },
      ]),
    ],
    [
      'beside an image',
      said([
        { type: 'text', text },
        { type: 'image_url', image_url: { url: 'https://a.example/b.png' } },
      ]),
    ],
    [
      'where the same text stands before',
      {
        messages: [
          { role: 'user', content: text },
          { role: 'assistant', content: 'Paris.' },
          { role: 'user', content: text },
        ],
      },
    ],
    [
      'where the answer was begun',
      {
        messages: [
          { role: 'user', content: text },
          { role: 'assistant', content: 'It is' },
        ],
      },
    ],
    ['with tools', { tools: [{ type: 'function', function: { name: 'f' } }] }],
    ['with a web search', { web_search_options: {} }],
    [
      'with an image before',
      {
        messages: [
          { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://a.example/b.png' } }] },
          { role: 'assistant', content: 'Nice.' },
          { role: 'user', content: text },
        ],
      },
    ],
    ['with a JSON shape', { response_format: { type: 'json_object' } }],
    ['with logprobs', { logprobs: true }],
    ['with a seed', { seed: 0 }],
    ['with several answers', { n: 3 }],
    ['with a member nobody knows', { retrieval: { index: 'a' } }],
  ]
  test.each(table)('%s', (_what, body) => {
    expect(read(body)).toBeUndefined()
  })
})
