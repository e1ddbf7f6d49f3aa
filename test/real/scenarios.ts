import { expect } from 'vitest'
import { providerNames } from '../helpers/four-providers.ts'
import { jsonOutput, reasoning, refusal, text, withUsage } from '../helpers/upstream-plays.ts'
import { hi, type Scenario, says } from './scenario.ts'
import { media } from './scenarios-media.ts'
import { toolScenarios } from './scenarios-tools.ts'

export const answerSchema = {
  type: 'object',
  properties: { city: { type: 'string' }, degrees: { type: 'integer' } },
  required: ['city', 'degrees'],
  additionalProperties: false,
} as const

const words: Scenario[] = [
  {
    name: 'plain text',
    request: hi,
    play: text('Grüße, Welt 👋🏽!'),
    seen: {
      openai: { messages: [{ role: 'user', content: 'Hi' }] },
      anthropic: {
        messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
        max_tokens: expect.any(Number) as number,
      },
      gemini: { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] },
    },
    reply: {
      ...says('Grüße, Welt 👋🏽!'),
      usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
    },
  },
  {
    name: 'system, developer and several turns',
    request: {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'developer', content: 'Be kind.' },
        { role: 'user', content: 'One' },
        { role: 'assistant', content: 'Two' },
        { role: 'user', content: [{ type: 'text', text: 'Three' }] },
      ],
    },
    play: text('Four'),
    seen: {
      openai: {
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'developer', content: 'Be kind.' },
          { role: 'user', content: 'One' },
          { role: 'assistant', content: 'Two' },
          { role: 'user' },
        ],
      },
      anthropic: {
        system: [
          { type: 'text', text: 'Be brief.' },
          { type: 'text', text: 'Be kind.' },
        ],
        messages: [
          { role: 'user', content: [{ type: 'text', text: 'One' }] },
          { role: 'assistant', content: [{ type: 'text', text: 'Two' }] },
          { role: 'user', content: [{ type: 'text', text: 'Three' }] },
        ],
      },
      gemini: {
        systemInstruction: { parts: [{ text: 'Be brief.' }, { text: 'Be kind.' }] },
        contents: [
          { role: 'user', parts: [{ text: 'One' }] },
          { role: 'model', parts: [{ text: 'Two' }] },
          { role: 'user', parts: [{ text: 'Three' }] },
        ],
      },
    },
    reply: says('Four'),
  },
  {
    name: 'knobs: temperature, top_p, max_completion_tokens, stop',
    request: { ...hi, temperature: 0.5, max_completion_tokens: 64, stop: ['END', 'STOP'] },
    play: text('Cut', { finish: 'length' }),
    seen: {
      openai: { temperature: 0.5, max_completion_tokens: 64, stop: ['END', 'STOP'] },
      anthropic: { temperature: 0.5, max_tokens: 64, stop_sequences: ['END', 'STOP'] },
      gemini: { generationConfig: { temperature: 0.5, maxOutputTokens: 64, stopSequences: ['END', 'STOP'] } },
    },
    reply: says('Cut', 'length'),
  },
  {
    name: 'seed',
    request: { ...hi, seed: 7 },
    play: text('Same'),
    seen: { openai: { seed: 7 }, anthropic: {}, gemini: { generationConfig: { seed: 7 } } },
    reply: says('Same'),
  },
  {
    name: 'two choices',
    request: { ...hi, n: 2 },
    play: text('Twice'),
    seen: { openai: { n: 2 }, anthropic: {}, gemini: { generationConfig: { candidateCount: 2 } } },
    reply: {
      choices: [
        { index: 0, finish_reason: 'stop', message: { content: 'Twice' } },
        { index: 1, finish_reason: 'stop', message: { content: 'Twice' } },
      ],
    },
    providers: providerNames.filter((name) => name !== 'anthropic'),
  },
]

const outputs: Scenario[] = [
  {
    name: 'JSON by schema',
    request: {
      ...hi,
      response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: answerSchema, strict: true } },
    },
    play: jsonOutput({ city: 'Oslo', degrees: -3 }),
    seen: {
      openai: { response_format: { type: 'json_schema', json_schema: { schema: answerSchema } } },
      anthropic: { output_config: { format: { type: 'json_schema', schema: { required: ['city', 'degrees'] } } } },
      gemini: {
        generationConfig: {
          responseMimeType: 'application/json',
          responseSchema: { required: ['city', 'degrees'] },
        },
      },
    },
    reply: says('{"city":"Oslo","degrees":-3}'),
  },
  {
    name: 'usage with cached tokens',
    request: hi,
    play: withUsage({ input: 100, output: 20, cacheRead: 60 }),
    seen: { openai: {}, anthropic: {}, gemini: {} },
    reply: {
      usage: {
        prompt_tokens: 100,
        completion_tokens: 20,
        total_tokens: 120,
        prompt_tokens_details: { cached_tokens: 60 },
      },
    },
  },
  {
    name: 'usage with written and read cache tokens',
    request: hi,
    play: withUsage({ input: 100, output: 20, cacheRead: 60, cacheWrite: 30 }),
    seen: { openai: {}, anthropic: {}, gemini: {} },
    reply: {
      usage: { prompt_tokens: 100, total_tokens: 120, prompt_tokens_details: { cached_tokens: 60 } },
    },
    providers: ['openai', 'anthropic'],
  },
  {
    name: 'reasoning effort and reasoning tokens',
    request: { ...hi, reasoning_effort: 'low' },
    play: reasoning('Let me think.', 'Done.'),
    seen: {
      openai: { reasoning_effort: 'low' },
      anthropic: { thinking: { type: 'enabled', budget_tokens: expect.any(Number) as number } },
      gemini: { generationConfig: { thinkingConfig: { includeThoughts: true } } },
    },
    reply: {
      ...says('Done.'),
      usage: { prompt_tokens: 10, completion_tokens: 25, completion_tokens_details: { reasoning_tokens: 20 } },
    },
  },
  {
    name: 'a refusal',
    request: hi,
    play: refusal('I will not.'),
    seen: { openai: {}, anthropic: {}, gemini: {} },
    reply: {
      openai: { choices: [{ finish_reason: 'stop', message: { refusal: 'I will not.' } }] },
      anthropic: { choices: [{ finish_reason: 'content_filter' }] },
      gemini: { choices: [{ finish_reason: 'content_filter' }] },
    },
  },
]

export const scenarios: Scenario[] = [...words, ...media, ...toolScenarios, ...outputs]
