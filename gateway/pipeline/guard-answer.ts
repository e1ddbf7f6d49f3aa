import { Collector, type ChatReply } from '../chat/collect.ts'
import { asObject, isObject, parseJson, type JsonObject } from '../chat/json.ts'
import { seal } from '../chat/seal.ts'
import { SseReader } from '../dialects/sse.ts'
import type { Guard } from '../guards/guard.ts'
import { screenBody } from '../guards/screen-body.ts'
import type { GuardFinding } from '../stores/ledger.ts'
import type { Answer, Call, Target } from './call.ts'
import type { ExchangeResult } from './exchange.ts'
import { gatewayFailure } from './failure.ts'
import { blockedError } from './guard-blocked.ts'

/**
 * What guards make of an answer that is complete: of a whole one nothing has left yet, so it is changed or refused; of a
 * stream, which has been held back where that was needed, it is only noted.
 */
export async function guardAnswered(call: Call, result: ExchangeResult): Promise<ExchangeResult> {
  const { guards } = call
  // Vectors have no text.
  const isChat = call.dialect.client?.chat !== undefined
  if (!isChat || guards === undefined || guards.response.length === 0 || result.type !== 'answered') return result
  if (!call.stream) return guardWhole(call, result, guards.response)
  const { seen } = result
  if (!guards.holds && seen.reply !== undefined) seen.guards = await foundIn(seen.reply, guards.response)
  return result
}

type Answered = Extract<ExchangeResult, { type: 'answered' }>

async function guardWhole(call: Call, result: Answered, guards: readonly Guard[]): Promise<ExchangeResult> {
  const { seen, attempt, tail } = result
  const body = asObject(parseJson(Buffer.from(tail).toString('utf8')))
  if (body === undefined) return result
  const { findings, changed, blocked } = await screenBody(body, guards, 'response')
  seen.guards = findings.list()
  if (blocked !== undefined) {
    // It may still be told to whoever collects what models say.
    seen.whole = undefined
    seen.reply = undefined
    const failure = gatewayFailure(blockedError(blocked, 'response'), false)
    return { type: 'failed', failure, attempt: { ...attempt, outcome: 'error', errorCode: failure.code } }
  }
  if (changed === undefined) return result
  const isSealed = call.dialect.id === 'anthropic-messages'
  const bytes = Buffer.from(JSON.stringify(isSealed ? sealedAnew(changed, attempt.target) : changed))
  seen.whole = bytes
  if (seen.reply !== undefined) seen.reply = await cleanReply(seen.reply, guards)
  return { ...result, tail: bytes }
}

/** Anthropic refuses thinking that comes back unsigned; with a seal that holds nothing it is left out on its way there. */
function sealedAnew(body: JsonObject, { provider, model }: Target): JsonObject {
  const { content } = body
  if (!Array.isArray(content)) return body
  const signature = seal({ provider: provider.name, model })
  const blocks = content.map((block) =>
    isObject(block) && block['type'] === 'thinking' && block['signature'] === undefined
      ? { ...block, signature }
      : block,
  )
  return { ...body, content: blocks }
}

async function cleanReply(reply: ChatReply, guards: readonly Guard[]): Promise<ChatReply> {
  const { changed } = await screenBody(reply as unknown as JsonObject, guards, 'response')
  return changed === undefined ? reply : (changed as unknown as ChatReply)
}

async function foundIn(reply: ChatReply, guards: readonly Guard[]): Promise<GuardFinding[]> {
  const { findings } = await screenBody(reply as unknown as JsonObject, guards, 'response')
  return findings.list()
}

/** Of an answer from the cache, which was kept as it was sent: what guards only note. undefined: it is no such answer. */
export async function noteHit(call: Call, { hit, tail }: Answer): Promise<GuardFinding[] | undefined> {
  const noting = call.guards?.response.filter(({ action }) => action === 'log' || action === 'flag') ?? []
  if (hit === undefined || noting.length === 0) return undefined
  const text = Buffer.from(tail).toString('utf8')
  const body = call.stream ? replyOf(call, text) : asObject(parseJson(text))
  if (body === undefined) return undefined
  const { findings } = await screenBody(body, noting, 'response')
  return findings.list()
}

function replyOf({ dialect }: Call, stream: string): JsonObject | undefined {
  const collector = new Collector()
  const decoder = dialect.provider?.chat?.decodeStream(collector.add)
  if (decoder === undefined) return undefined
  const reader = new SseReader((name, data) => decoder.event(name, data))
  reader.push(Buffer.from(stream))
  reader.end()
  decoder.end()
  return collector.reply as unknown as JsonObject
}
