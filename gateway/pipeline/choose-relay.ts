import type { ReplyAbout } from '../dialects/dialect.ts'
import type { ResponseHeaders } from '../upstream/upstream.ts'
import type { ExchangeInput } from './exchange.ts'
import { PassStream, PassWhole } from './relay-pass.ts'
import { TapStream } from './relay-tap.ts'
import { TranslateStream, TranslateWhole } from './relay-translate.ts'
import type { Relay, RelayOutput } from './relay.ts'

/** How this answer gets from the provider's form to the client's: by dialect, and by who streams. */
export function chooseRelay(
  { call, target, collect: isKept }: ExchangeInput,
  headers: ResponseHeaders,
  about: ReplyAbout,
  output: RelayOutput,
): Relay {
  const provider = target.dialect.provider
  const client = call.dialect.client
  if (provider === undefined || client === undefined) throw new TypeError(`${call.dialect.id} has no such side`)
  const streams = isEventStream(headers, call.stream)
  const asAsked = streams === call.stream
  const guards = call.stream && call.guards?.holds === true ? call.guards.response : undefined
  // What guards only note is looked for in the end.
  const collect = isKept || (call.guards !== undefined && call.guards.response.length > 0)
  if (provider.chat === undefined || client.chat === undefined) return new PassWhole(provider)
  if (target.passThrough && asAsked && guards === undefined) {
    if (!call.stream) return new PassWhole(provider)
    if (target.dialect.usageOnRequest !== true) return new TapStream({ chat: provider.chat, collect }, output)
    return new PassStream({ chat: provider.chat, hideUsage: !call.includeUsage, collect }, output)
  }
  if (streams && call.stream)
    return new TranslateStream({ provider: provider.chat, client: client.chat, about, collect, guards }, output)
  return new TranslateWhole(provider.chat, client.chat, about, { fromStream: streams, toStream: call.stream, guards })
}

/** Servers that forget the content type get what was asked for; JSON and HTML are never streams. */
function isEventStream(headers: ResponseHeaders, asked: boolean): boolean {
  const type = String(headers['content-type'] ?? '').toLowerCase()
  if (type.includes('event-stream')) return true
  return asked && !type.includes('json') && !type.includes('html')
}
