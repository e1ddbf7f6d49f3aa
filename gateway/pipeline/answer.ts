import { collect, replay, type ChatReply } from '../chat/collect.ts'
import { parseJson } from '../chat/json.ts'
import type { ChatEvent } from '../chat/event.ts'
import type { Origin } from '../chat/request.ts'
import type { ReplyAbout } from '../dialects/dialect.ts'
import { GatewayError } from '../errors.ts'
import type { CachedAnswer } from '../stores/cache.ts'
import { attempt, type Attempted, type AttemptPorts } from './attempt.ts'
import type { Answer, Call, Caller, Route, Target } from './call.ts'
import type { Ticket } from './admit.ts'
import type { FoundAnswer, LookUp } from './lookup.ts'
import type { Remember } from './remember.ts'
import { replyAbout } from './reply-about.ts'
import { fallbackWarning, headerText, semanticHeaders } from './reply-headers.ts'
import { attemptUsage, type SettlePorts } from './settle.ts'

export interface AnswerPorts extends AttemptPorts {
  lookUp: LookUp
  pricesReady: SettlePorts['pricesReady']
  costOf: SettlePorts['costOf']
  /** Absent where no dialect lets clients refer to an answer. */
  remember?: Remember
  /** An answer that should be in the cache, or remembered, is not: a mistake of ours, which costs the client nothing. */
  onNotKept: (error: unknown) => void
}

/** From the cache where it can, else from a provider, and then into the cache. */
export async function answer(
  { call, caller, route, ticket }: { call: Call; caller: Caller; route: Route; ticket: Ticket },
  ports: AnswerPorts,
): Promise<Answer> {
  if (route.targets.length === 0) return localAnswer(call)
  const found = await ports.lookUp(call, caller, route)
  if (found.type === 'hit') {
    remember(call, caller, () => cachedWhole(call, found.answer), ports)
    return cachedAnswer(call, route, found)
  }
  const remembers = ports.remember?.wants(call, route) === true
  const cache = found.type === 'lead' ? 'MISS' : 'BYPASS'
  const headers = { ...ticket.headers, 'x-gateway-request-id': call.id, 'x-cache': cache }
  let attempted: Attempted | undefined
  try {
    attempted = await attempt(
      { call, caller, route, cache, headers, collect: found.type === 'lead' || remembers },
      ports,
    )
    const { decisive } = attempted
    if (remembers && decisive?.target.passThrough === false) {
      const answered = attempted
      remember(call, caller, () => wholeAnswer(call, answered), ports)
    }
    return attempted
  } finally {
    if (found.type === 'lead') {
      const lasting = attempted?.decisive?.target.substituted !== true
      await found.publish(await kept(call, attempted, ports), lasting)
    }
  }
}

/** Never rejects: those who wait for this call must hear of its end. */
async function kept(
  call: Call,
  attempted: Attempted | undefined,
  ports: AnswerPorts,
): Promise<CachedAnswer | undefined> {
  if (attempted === undefined) return undefined
  try {
    await ports.pricesReady()
    return toKeep(call, attempted, ports)
  } catch (error) {
    ports.onNotKept(error)
    return undefined
  }
}

/** Only complete, good answers are kept, whole, in the client's dialect. */
function toKeep(call: Call, attempted: Attempted, ports: AnswerPorts): CachedAnswer | undefined {
  const { decisive } = attempted
  const body = wholeAnswer(call, attempted)
  if (body === undefined || decisive === undefined) return undefined
  const usage = attemptUsage(decisive, call)
  const cost = usage === undefined ? undefined : ports.costOf(decisive, usage)
  return {
    body,
    model: call.model,
    provider: decisive.target.provider.name,
    providerModel: decisive.target.model,
    storedAt: ports.now(),
    ...(usage?.input === undefined ? {} : { inputTokens: usage.input }),
    ...(usage?.output === undefined ? {} : { outputTokens: usage.output }),
    ...(cost === undefined ? {} : { costNanoUsd: cost }),
  }
}

function wholeAnswer(call: Call, { failure, decisive, seen }: Attempted): Uint8Array | undefined {
  if (failure !== undefined || decisive === undefined || seen === undefined || !seen.finished) return undefined
  if (seen.whole !== undefined || seen.reply === undefined) return seen.whole
  return encodeWhole(call, seen.reply, { provider: decisive.target.provider.name, model: decisive.target.model })
}

/** Never throws: the answer is good, whether or not it can be referred to. */
function remember(call: Call, caller: Caller, whole: () => Uint8Array | undefined, ports: AnswerPorts): void {
  try {
    const body = ports.remember === undefined ? undefined : whole()
    if (body !== undefined) ports.remember?.keep(call, caller, body)
  } catch (error) {
    ports.onNotKept(error)
  }
}

function encodeWhole(call: Call, reply: ChatReply, made: Origin): Buffer | undefined {
  const chat = call.dialect.client?.chat
  if (chat === undefined) return undefined
  return Buffer.from(JSON.stringify(chat.encodeWhole(reply, aboutOf(call, made))))
}

/** Signed reasoning is marked with who really made it: only there may it go back. */
function aboutOf(call: Call, made: Origin): ReplyAbout {
  const about = { ...made, created: Math.floor(call.startedAt / 1000) }
  try {
    return replyAbout(call, { ...about, isTranslated: true })
  } catch (error) {
    // What was handed through need not be readable: it may ask for what only its provider has.
    if (error instanceof GatewayError) return replyAbout(call, { ...about, isTranslated: false })
    throw error
  }
}

/** Where no provider speaks the dialect (counting tokens) the gateway itself has an answer. */
function localAnswer(call: Call): Answer {
  const body = call.dialect.client?.answerLocally?.(call.json()) ?? {}
  return {
    cache: 'BYPASS',
    attempts: [],
    decisive: undefined,
    failure: undefined,
    head: { status: 200, headers: { 'content-type': 'application/json', 'x-gateway-attempts': '0' } },
    tail: Buffer.from(JSON.stringify(body)),
    hit: undefined,
  }
}

function cachedAnswer(call: Call, route: Route, { answer: kept, semantic }: FoundAnswer): Answer {
  const standIn = route.targets.find((target) => target.substituted && isMaker(target, kept))
  const headers = {
    'content-type': call.stream ? 'text/event-stream; charset=utf-8' : 'application/json',
    'x-gateway-provider': kept.provider,
    'x-gateway-model': headerText(kept.providerModel),
    'x-gateway-attempts': '0',
    ...(standIn === undefined ? {} : { 'x-gateway-warnings': fallbackWarning(standIn) }),
    ...(semantic !== undefined && semanticHeaders(semantic)),
  }
  return {
    cache: semantic === undefined ? 'HIT' : 'SEMANTIC',
    attempts: [],
    decisive: undefined,
    failure: undefined,
    head: { status: 200, headers },
    tail: call.stream ? replayStream(call, kept) : kept.body,
    hit: {
      provider: kept.provider,
      providerModel: kept.providerModel,
      savedNanoUsd: kept.costNanoUsd,
      storedAt: kept.storedAt,
      ...(semantic !== undefined && { semantic }),
    },
  }
}

function isMaker({ provider, model }: Target, kept: CachedAnswer): boolean {
  return provider.name === kept.provider && model === kept.providerModel
}

/** Long text is cut so that a client that shows a stream piece by piece still sees one. */
const replaySliceLength = 64

function replayStream(call: Call, kept: CachedAnswer): Buffer {
  const client = call.dialect.client?.chat
  const reply = cachedReply(call, kept)
  if (client === undefined || reply === undefined) return Buffer.from(kept.body)
  const encoder = client.encodeStream(aboutOf(call, { provider: kept.provider, model: kept.providerModel }))
  let text = ''
  for (const event of replay(reply, replaySliceLength)) text += encoder.encode(event)
  return Buffer.from(text + encoder.end())
}

/** As the client gets it: a stream that is played again has an id of its own. */
function cachedWhole(call: Call, kept: CachedAnswer): Uint8Array | undefined {
  if (call.dialect.client?.memory === undefined) return undefined
  const reply = call.stream ? cachedReply(call, kept) : undefined
  if (reply === undefined) return kept.body
  return encodeWhole(call, reply, { provider: kept.provider, model: kept.providerModel })
}

function cachedReply(call: Call, kept: CachedAnswer): ChatReply | undefined {
  const provider = call.dialect.provider?.chat
  if (provider === undefined) return undefined
  const events: ChatEvent[] = []
  provider.decodeWhole(parseJson(Buffer.from(kept.body).toString('utf8')) ?? null, (event) => events.push(event))
  return collect(events)
}
