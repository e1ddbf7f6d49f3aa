import { expect } from 'vitest'
import { text, toolCalls } from '../helpers/upstream-plays.ts'
import { type Scenario, says } from './scenario.ts'

export const weatherTool = {
  type: 'function',
  function: {
    name: 'weather',
    description: 'Tells the weather.',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
    },
  },
} as const

export const toolScenarios: Scenario[] = [
  {
    name: 'a tool call',
    request: { messages: [{ role: 'user', content: 'Weather in Oslo?' }], tools: [weatherTool] },
    play: toolCalls([{ id: 'call_1', name: 'weather', arguments: '{"city":"Oslo"}' }]),
    seen: {
      openai: { tools: [weatherTool] },
      anthropic: {
        tools: [{ name: 'weather', description: 'Tells the weather.', input_schema: weatherTool.function.parameters }],
      },
      gemini: {
        tools: [
          {
            functionDeclarations: [
              { name: 'weather', description: 'Tells the weather.', parameters: weatherTool.function.parameters },
            ],
          },
        ],
      },
    },
    reply: {
      choices: [
        {
          finish_reason: 'tool_calls',
          message: {
            role: 'assistant',
            tool_calls: [
              {
                id: expect.stringMatching(/./) as string,
                type: 'function',
                function: { name: 'weather', arguments: '{"city":"Oslo"}' },
              },
            ],
          },
        },
      ],
    },
  },
  {
    name: 'results of two parallel calls',
    request: {
      tools: [weatherTool],
      messages: [
        { role: 'user', content: 'Weather in Oslo and Rome?' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [
            { id: 'call_a', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } },
            { id: 'call_b', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } },
          ],
        },
        { role: 'tool', tool_call_id: 'call_a', content: 'snow' },
        { role: 'tool', tool_call_id: 'call_b', content: 'sun' },
      ],
    },
    play: text('Snow and sun.'),
    seen: {
      openai: { messages: [{}, {}, { tool_call_id: 'call_a', content: 'snow' }, { tool_call_id: 'call_b' }] },
      // All results of one turn stand in the next user turn.
      anthropic: {
        messages: [
          { role: 'user' },
          {
            role: 'assistant',
            content: [
              { type: 'tool_use', id: 'call_a', name: 'weather', input: { city: 'Oslo' } },
              { type: 'tool_use', id: 'call_b', name: 'weather', input: { city: 'Rome' } },
            ],
          },
          {
            role: 'user',
            content: [
              { type: 'tool_result', tool_use_id: 'call_a' },
              { type: 'tool_result', tool_use_id: 'call_b' },
            ],
          },
        ],
      },
      gemini: {
        contents: [
          { role: 'user' },
          {
            role: 'model',
            parts: [
              { functionCall: { name: 'weather', args: { city: 'Oslo' } } },
              { functionCall: { name: 'weather', args: { city: 'Rome' } } },
            ],
          },
          {
            role: 'user',
            parts: [{ functionResponse: { name: 'weather' } }, { functionResponse: { name: 'weather' } }],
          },
        ],
      },
    },
    reply: says('Snow and sun.'),
  },
]
