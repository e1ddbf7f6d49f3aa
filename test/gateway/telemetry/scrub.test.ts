import { describe, expect, test } from 'vitest'
import { createScrubber } from '../../../gateway/telemetry/scrub.ts'

const secret = 'my"odd/secret+1'
const scrub = createScrubber(() => [secret, 'hunter22', 'hunter22-and-more', 'short'])

/** [what, text, scrubbed] */
const dirty: [string, string, string][] = [
  ['a configured secret', 'it is hunter22!', 'it is [redacted]!'],
  ['the longer of two that begin alike', 'it is hunter22-and-more', 'it is [redacted]'],
  ['a configured secret, twice', 'hunter22 hunter22', '[redacted] [redacted]'],
  ['a configured secret inside JSON', JSON.stringify({ a: secret }), '{"a":"[redacted]"}'],
  ['a configured secret inside an address', `https://x/${encodeURIComponent(secret)}`, 'https://x/[redacted]'],
  ['an OpenAI key', 'Incorrect API key provided: sk-proj-abc_DEF-123456.', 'Incorrect API key provided: [redacted].'],
  ['an Anthropic key', '(sk-ant-api03-abcdefgh)', '([redacted])'],
  ['an OpenRouter key', 'sk-or-v1-0123456789abcdef', '[redacted]'],
  ['a Groq key', 'gsk_0123456789abcdefghij', '[redacted]'],
  ['an xAI key', 'xai-0123456789abcdef', '[redacted]'],
  ['a Hugging Face token', 'hf_0123456789abcdefghij', '[redacted]'],
  ['a GitHub token', 'ghp_0123456789abcdefghij0123456789', '[redacted]'],
  [
    'a key of our own',
    'sent gw-3f9a0c1b2d3e-AbC_012345-6789abcdefghijklmnopqrstuvwxyz01, twice',
    'sent [redacted], twice',
  ],
  ['an old key of our own', 'gw-AbC_012345-6789abcdefghijklmnopq', '[redacted]'],
  ['a Google key', 'AIzaSyA-1234567890_1234567890', '[redacted]'],
  ['an AWS key id', 'AKIAIOSFODNN7EXAMPLE', '[redacted]'],
  ['a JWT', 'eyJhbGciOiJI.eyJzdWIiOiIx.abc-def', '[redacted]'],
  ['a JWT after other things', '"a":"eyJhbGciOiJI.eyJzdWIiOiIx.abc-def"', '"a":"[redacted]"'],
  ['a bearer token', 'authorization: Bearer abcdef123456', 'authorization: Bearer [redacted]'],
  ['a bearer token in odd case', 'AUTHORIZATION: bearer abcdef123456', 'AUTHORIZATION: bearer [redacted]'],
  ['basic credentials', '"Authorization":"Basic dXNlcjpwYXNz"', '"Authorization":"[redacted]"'],
  [
    'an authorization with spaces',
    'authorization: AWS4-HMAC-SHA256 Credential=x, Signature=y',
    'authorization: [redacted]',
  ],
  ['cookies, all of them', 'cookie: a=1; session=2\nnext', 'cookie: [redacted]\nnext'],
  ['x-api-key', 'x-api-key: abc', 'x-api-key: [redacted]'],
  ['api-key', 'api-key=abc, and', 'api-key=[redacted], and'],
  ['x-goog-api-key', '"x-goog-api-key":"abc"', '"x-goog-api-key":"[redacted]"'],
  ['a member in odd case', '{"X-Api-Key": "abc"}', '{"X-Api-Key": "[redacted]"}'],
  ['a member with an escaped quote', '{"apiKey":"a\\"b","c":1}', '{"apiKey":"[redacted]","c":1}'],
  ['a member inside a JSON string', '{"m":"{\\"api_key\\":\\"abc\\"}"}', '{"m":"{\\"api_key\\":\\"[redacted]\\"}"}'],
  ['a list of names and values', '["x-api-key","abc"]', '["x-api-key","[redacted]"]'],
  ['a client secret', 'client_secret=abc&x=1', 'client_secret=[redacted]&x=1'],
  ['a key in an address', 'GET /v1beta/models?key=abc&alt=sse', 'GET /v1beta/models?key=[redacted]&alt=sse'],
  ['a later key in an address', '/v1beta/models?alt=sse&key=abc"', '/v1beta/models?alt=sse&key=[redacted]"'],
  // JSON in JSON, and logs: `\\b` sees the letter of a written-out escape and the key as one word.
  ['an OpenAI key after a line end written out', 'see\\nsk-proj-abc_DEF-123456.', 'see\\n[redacted].'],
  ['an OpenAI key in JSON in JSON', JSON.stringify(JSON.stringify('\nsk-abcdefgh1')), String.raw`"\"\\n[redacted]\""`],
  ['a Google key after a tab written out', String.raw`\tAIzaSyA-1234567890_1234567890`, String.raw`\t[redacted]`],
  ['an AWS key id after a line end written out', String.raw`\nAKIAIOSFODNN7EXAMPLE`, String.raw`\n[redacted]`],
  ['a JWT after a line end written out', String.raw`\neyJhbGciOiJI.eyJzdWIiOiIx.abc`, String.raw`\n[redacted]`],
  ['a bearer token after a line end written out', String.raw`\nBearer abcdef123456`, String.raw`\nBearer [redacted]`],
  ['a password after a line end written out', String.raw`\npassword=abc`, String.raw`\npassword=[redacted]`],
  ['cookies after a line end written out', String.raw`\ncookie: a=1`, String.raw`\ncookie: [redacted]`],
]

const clean = [
  '{"level":"info","key":"anonymous","inputTokens":12,"maxTokens":5,"apiKeySet":true,"message":"call finished"}',
  '{"apiKey":null,"password":false}',
  'The task-force made a risk-assessment with desk-top things',
  'short words like short stay',
  'tokens: 5, max_tokens: 100',
  'the model gpt-4o-2024-11-20 of openai did not answer',
  '',
]

describe('createScrubber', () => {
  test.each(dirty)('takes out %s', (_, text, expected) => {
    expect(scrub(text)).toBe(expected)
  })

  test.each(dirty)('does not change it again: %s', (_, text, expected) => {
    expect(scrub(scrub(text))).toBe(expected)
  })

  test.each(clean)('leaves %s', (text) => {
    expect(scrub(text)).toBe(text)
  })

  test('sees secrets that were configured later', () => {
    let secrets: string[] = []
    const later = createScrubber(() => secrets)
    expect(later('hunter22')).toBe('hunter22')
    secrets = ['hunter22']
    expect(later('hunter22')).toBe('[redacted]')
  })

  test('hostile text takes no time to speak of', () => {
    const started = performance.now()
    for (const piece of [
      'sk-',
      'eyJaaaaaaaa.',
      'Bearer ',
      '"apiKey":"\\',
      'cookie:',
      'a',
      '&key=',
      '"password" ',
      '\\neyJ',
      '\\npassword ',
    ]) {
      scrub(piece.repeat(100_000 / piece.length))
    }
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

test('no text takes long: what looks like the beginning of many tokens', () => {
  const started = performance.now()
  const text = 'eyJ-'.repeat(65_536)
  expect(scrub(text)).toBe(text)
  // It took 39 seconds when each place was looked at to the end.
  expect(performance.now() - started).toBeLessThan(1000)
})
