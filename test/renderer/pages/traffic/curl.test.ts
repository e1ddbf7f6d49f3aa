import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import type { CallDetail, CallRow } from '../../../../gateway/contract.ts'
import { curlOf, firstCurl } from '../../../../renderer/pages/traffic/curl.ts'
import { callDetail, callRow } from './rows.ts'

const url = 'http://127.0.0.1:8080'

/** What a shell makes of it: the words that curl would get. */
function words(command: string): string[] {
  const script = `curl() { for word in "$@"; do printf '%s\\0' "$word"; done; }\n${command}`
  const output = execFileSync('sh', ['-c', script], { encoding: 'utf8', env: { GATEWAY_KEY: 'from the environment' } })
  return output.split('\0').slice(0, -1)
}

const body = `{"model":"fast","messages":[{"role":"user","content":"it's $HOME \`id\` \\"x\\"\\n%s"}]}`

describe('curlOf', () => {
  test('the kept request, byte for byte, whatever is in it', () => {
    const { text, isExample } = curlOf(callDetail({ request: body }), url)
    expect(isExample).toBe(false)
    expect(words(text)).toEqual([`${url}/v1/chat/completions`, '-H', 'content-type: application/json', '-d', body])
  })

  test('a key is taken from the environment, never written', () => {
    const requestHeaders: CallDetail['requestHeaders'] = [
      ['authorization', '[redacted]'],
      ['x-gateway-cache', 'false'],
      ['x-gateway-metadata', '[redacted]'],
      ['user-agent', 'zed'],
    ]
    const { text } = curlOf(callDetail({ call: callRow({ key: 'zed' }), request: body, requestHeaders }), url)
    expect(text).not.toContain('redacted')
    expect(words(text)).toEqual([
      `${url}/v1/chat/completions`,
      '-H',
      'content-type: application/json',
      '-H',
      'authorization: Bearer from the environment',
      '-H',
      'x-gateway-cache: false',
      '-d',
      body,
    ])
  })

  const examples: [name: string, call: Partial<CallRow>, change: Partial<CallDetail>, path: string, sent: object][] = [
    ['not kept', {}, {}, '/v1/chat/completions', { model: 'fast', messages: [{ role: 'user', content: 'Hello' }] }],
    [
      'cut off',
      {},
      { request: body.slice(0, 20), truncated: true },
      '/v1/chat/completions',
      { model: 'fast', messages: [{ role: 'user', content: 'Hello' }] },
    ],
    ['embeddings', { dialect: 'openai-embeddings' }, {}, '/v1/embeddings', { model: 'fast', input: 'Hello' }],
    ['completions', { dialect: 'openai-completions' }, {}, '/v1/completions', { model: 'fast', prompt: 'Hello' }],
  ]
  test.each(examples)('an example of the same kind where the request is %s', (_, call, change, path, sent) => {
    const { text, isExample } = curlOf(callDetail({ call: callRow(call), ...change }), url)
    expect(isExample).toBe(true)
    const found = words(text)
    expect(found[0]).toBe(url + path)
    expect(JSON.parse(found.at(-1) ?? '')).toEqual(sent)
  })

  test('a stream is shown as it comes', () => {
    const { text } = curlOf(callDetail({ call: callRow({ stream: true }) }), url)
    expect(words(text)[0]).toBe('-N')
    expect(JSON.parse(words(text).at(-1) ?? '')).toMatchObject({ stream: true })
  })
})

test('firstCurl names the model', () => {
  expect(JSON.parse(words(firstCurl(url, "o'model")).at(-1) ?? '')).toMatchObject({ model: "o'model" })
})
