import { expect, test } from 'vitest'
import { unknownPath } from '../../../gateway/http/unknown-path.ts'

test.each([
  ['/v1/messages/batches', 501, 'not_supported', 'POST /v1/messages/count_tokens'],
  ['/v1beta/files?key=secret', 404, 'not_found', ':streamGenerateContent'],
  ['/v1/threads', 404, 'not_found', '/v1/responses'],
  ['/openai/deployments/x/chat/completions', 404, 'not_found', '/openai/v1/chat/completions'],
  ['/nowhere', 404, 'not_found', 'There is nothing at GET /nowhere.'],
])('%s is %s %s', (url, status, code, text) => {
  const error = unknownPath('GET', url)
  expect(error).toMatchObject({ status, code, headers: { 'x-should-retry': 'false' } })
  expect(error.message).toContain(text)
  expect(error.message).not.toContain('secret')
})
