import { expect, test } from 'vitest'
import { spokenAt } from '../../../gateway/http/spoken-at.ts'

test.each([
  ['/v1/models', {}, 'openai-chat'],
  ['/openai/v1/models', { 'anthropic-version': '2023-06-01' }, 'openai-chat'],
  ['/v1/models?limit=1000', { 'anthropic-version': '2023-06-01' }, 'anthropic-messages'],
  ['/v1/models/x', { 'x-goog-api-key': 'k' }, 'gemini'],
  ['/v1/models', { 'x-goog-api-client': 'google-genai-sdk/3.1.0' }, 'gemini'],
  ['/v1beta/models', {}, 'gemini'],
  ['/v1/messages/batches', {}, 'anthropic-messages'],
  ['/health', { 'anthropic-version': '2023-06-01' }, 'openai-chat'],
])('%s with %j: %s', (url, headers, spoken) => {
  expect(spokenAt(url, headers)).toBe(spoken)
})
