import type { IncomingHttpHeaders } from 'node:http'
import { expect, test } from 'vitest'
import { handedOn, pickHeaders, readToken } from '../../../gateway/http/request-headers.ts'

const tokens: [headers: IncomingHttpHeaders, token: string | undefined][] = [
  [{}, undefined],
  [{ authorization: 'Bearer abc' }, 'abc'],
  [{ authorization: 'bearer  abc ' }, 'abc'],
  [{ authorization: 'Bearer' }, undefined],
  [{ authorization: 'Bearer a b' }, undefined],
  [{ authorization: 'Basic abc' }, undefined],
  [{ 'x-api-key': 'abc' }, 'abc'],
  [{ 'api-key': 'abc' }, 'abc'],
  [{ 'x-goog-api-key': 'abc' }, 'abc'],
  [{ 'x-api-key': '' }, undefined],
  [{ 'x-api-key': ['a', 'b'] }, undefined],
  [{ 'x-api-key': '', 'api-key': 'abc' }, 'abc'],
  [{ authorization: 'Basic x', 'x-api-key': 'abc' }, 'abc'],
  [{ authorization: 'Bearer first', 'x-api-key': 'second' }, 'first'],
]
test.each(tokens)('%j -> %s', (headers, token) => {
  expect(readToken(headers)).toBe(token)
})

test('credentials, cookies and addresses never reach a provider', () => {
  expect(
    pickHeaders(
      {
        authorization: 'Bearer secret',
        'x-api-key': 'secret',
        cookie: 'secret',
        'x-forwarded-for': '10.0.0.1',
        host: 'x',
        'content-length': '5',
        'openai-beta': 'assistants=v2',
        'anthropic-beta': 'b',
        'http-referer': 'https://app.test',
        'x-title': 'App',
        'idempotency-key': 'k',
      },
      handedOn,
    ),
  ).toEqual({
    'http-referer': 'https://app.test',
    'x-title': 'App',
    'idempotency-key': 'k',
  })
})
