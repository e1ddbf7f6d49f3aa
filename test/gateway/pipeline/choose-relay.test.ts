import { expect, test } from 'vitest'
import type { DialectId } from '../../../gateway/dialects/dialect.ts'
import { chooseRelay } from '../../../gateway/pipeline/choose-relay.ts'
import { PassStream, PassWhole } from '../../../gateway/pipeline/relay-pass.ts'
import { TapStream } from '../../../gateway/pipeline/relay-tap.ts'
import { TranslateStream, TranslateWhole } from '../../../gateway/pipeline/relay-translate.ts'
import type { Relay } from '../../../gateway/pipeline/relay.ts'
import { call, dialect, hello, target } from './stage.ts'

const about = { id: 'i', model: 'm', created: 1, provider: 'p', includeUsage: false }

function choose(client: DialectId, provider: DialectId, stream: boolean, type: string | undefined): Relay {
  const input = {
    call: call({ ...hello, stream }, { dialect: dialect(client) }),
    target: target({ dialect: dialect(provider), passThrough: client === provider }),
    prepared: { path: '/', body: Buffer.alloc(0), headers: {}, warnings: [] },
    number: 1,
    headers: {},
    collect: false,
  }
  return chooseRelay(input, type === undefined ? {} : { 'content-type': type }, about, { write: () => {} })
}

const json = 'application/json; charset=utf-8'
const events = 'text/event-stream; charset=utf-8'
const table: [client: DialectId, provider: DialectId, stream: boolean, type: string | undefined, relay: unknown][] = [
  ['openai-chat', 'openai-chat', true, events, PassStream],
  ['openai-chat', 'openai-chat', true, 'TEXT/EVENT-STREAM', PassStream],
  ['openai-chat', 'openai-chat', true, undefined, PassStream],
  ['openai-chat', 'openai-chat', true, 'text/plain', PassStream],
  ['openai-chat', 'openai-chat', true, json, TranslateWhole],
  ['openai-chat', 'openai-chat', true, 'text/html', TranslateWhole],
  ['openai-chat', 'openai-chat', false, json, PassWhole],
  ['openai-chat', 'openai-chat', false, undefined, PassWhole],
  ['openai-chat', 'openai-chat', false, 'text/plain', PassWhole],
  ['openai-chat', 'openai-chat', false, events, TranslateWhole],
  ['openai-chat', 'anthropic-messages', true, events, TranslateStream],
  ['openai-chat', 'anthropic-messages', true, json, TranslateWhole],
  ['openai-chat', 'anthropic-messages', false, json, TranslateWhole],
  ['openai-chat', 'gemini', true, events, TranslateStream],
  ['openai-completions', 'openai-completions', true, events, PassStream],
  ['openai-completions', 'openai-chat', true, events, TranslateStream],
  ['openai-embeddings', 'openai-embeddings', false, json, PassWhole],
  ['anthropic-messages', 'anthropic-messages', true, events, TapStream],
  ['gemini', 'gemini', true, events, TapStream],
  ['anthropic-count-tokens', 'anthropic-count-tokens', false, json, PassWhole],
]
test.each(table)('%s from %s, stream %s, %s', (client, provider, stream, type, relay) => {
  expect(choose(client, provider, stream, type)).toBeInstanceOf(relay)
})
