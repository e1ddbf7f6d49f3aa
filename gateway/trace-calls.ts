import { readFileSync } from 'node:fs'
import { collect, type ChatReply } from './chat/collect.ts'
import type { ChatEvent } from './chat/event.ts'
import { parseJson } from './chat/json.ts'
import type { ChatRequest } from './chat/request.ts'
import type { Config } from './config/schema.ts'
import { memberValue, scanMembers } from './dialects/members.ts'
import type { Attempt, Call } from './pipeline/call.ts'
import { canonicalRequest } from './pipeline/canonical.ts'
import type { Ending, Settled } from './pipeline/settle.ts'
import type { AttemptRow } from './stores/ledger.ts'
import type { AttemptEnd, Attributes, CallEnd, ResponseFacts } from './telemetry/call-trace.ts'
import { ownNames } from './telemetry/gen-ai-names.ts'
import type { Log } from './telemetry/log.ts'
import { contentAttributes } from './telemetry/otel-content.ts'
import { requestAttributes } from './telemetry/otel-request.ts'
import { CallSpans } from './telemetry/otel-spans.ts'
import { createOtel, type Otel } from './telemetry/otel.ts'
import { version } from './version.ts'

/** Finished calls as OpenTelemetry has them. Loaded only where the configuration names a collector. */
export interface Traces {
  /** Opens the call's spans. Never throws. */
  begin: (call: Call) => Call
  /** Once per call, when it is settled; the work is done after its last bytes have left. Never throws. */
  record: (ending: Ending, settled: Settled, after: { totalMs: number; scrub: (text: string) => string }) => void
  /** Sends what is left. Never rejects. */
  close: (timeoutMs: number) => Promise<void>
}

export interface TracesPorts {
  log: Log
  /** Milliseconds since 1970. */
  now: () => number
  env: Record<string, string | undefined>
}

/** undefined where the configuration names no collector, or wants neither traces nor metrics. */
export function createTraces({ telemetry, network }: Config, ports: TracesPorts): Traces | undefined {
  const { otlp } = telemetry
  if (otlp === undefined || !(otlp.traces || otlp.metrics)) return undefined
  const ca = network.caFile === undefined ? undefined : readFileSync(network.caFile, 'utf8')
  const otel = createOtel(otlp, { ...ports, version, ca })
  let hasFailed = false
  const guard = (work: () => void): void => {
    try {
      work()
    } catch (error) {
      // Once: a mistake of ours, which would come again with every call.
      if (!hasFailed) ports.log.error({ error: String(error) }, 'a call could not be told to the collector')
      hasFailed = true
    }
  }
  const recorder = new Recorder(otel)
  return {
    begin(call) {
      let traced = call
      guard(() => (traced = recorder.begin(call)))
      return traced
    },
    record(ending, settled, { totalMs, scrub }) {
      // Now, because what follows sends the head.
      const end = callEnd(ending, settled, totalMs)
      setImmediate(() => guard(() => recorder.record(ending, settled, { end, scrub })))
    },
    async close(timeoutMs) {
      // What was settled last is told now.
      await new Promise((resolve) => setImmediate(resolve))
      await otel.close(timeoutMs)
    },
  }
}

class Recorder {
  readonly #otel: Otel

  constructor(otel: Otel) {
    this.#otel = otel
  }

  begin(call: Call): Call {
    const { id, requestHeaders: headers, requestLine, dialect, startedAt } = call
    const trace = this.#otel.begin?.({ callId: id, headers, requestLine, dialect: dialect.id, startedAt })
    // The call is new and nobody else's yet; a copy would take a form's model for what is known of it by now.
    return trace === undefined ? call : Object.assign(call, { trace })
  }

  record(ending: Ending, settled: Settled, { end, scrub }: { end: CallEnd; scrub: (text: string) => string }): void {
    const { trace } = ending.call
    const spans = trace instanceof CallSpans ? trace : undefined
    const attempts = this.#attempts(ending, settled, spans?.isRecording === true ? scrub : undefined)
    for (const attempt of attempts) this.#otel.recordAttempt?.(attempt)
    spans?.end(end, attempts)
  }

  /** `scrub`: there are spans to be filled; metrics need less. */
  #attempts(ending: Ending, { rows }: Settled, scrub: ((text: string) => string) | undefined): AttemptEnd[] {
    const { call, answer } = ending
    if (answer.attempts.length === 0) return []
    const names = this.#otel.names.attributes
    const request = scrub === undefined ? {} : requestAttributes(call.members, names)
    return answer.attempts.map((attempt) => {
      const row = rows.find(({ attempt: number }) => number === attempt.number)
      const isFinal = attempt === answer.decisive
      const keeps = scrub !== undefined && call.trace?.keepsContent === true
      const reply = replyOf(attempt, keeps ? readBytes.forContent : readBytes.forFacts)
      return {
        ...attemptEnd(call, attempt, row),
        isFinal,
        request,
        response: responseFacts(attempt, reply),
        content: keeps ? this.#content(call, reply, scrub) : {},
      }
    })
  }

  #content(call: Call, reply: ChatReply | undefined, scrub: (text: string) => string): Attributes {
    const request = readRequest(call)
    const content = contentAttributes({ request, reply }, this.#otel.names.attributes, scrub)
    return request === undefined ? { ...content, [ownNames.contentLeftOut]: 'request' } : content
  }
}

/** Bytes: parsing more would hold up the streams. */
const readBytes = { forFacts: 32 * 1024, forContent: 256 * 1024 }

function readRequest(call: Call): ChatRequest | undefined {
  if (call.dialect.client?.chat === undefined || call.members.bytes.length > readBytes.forContent) return undefined
  try {
    return canonicalRequest(call).value
  } catch {
    // Handed through, it need not be readable: it may ask for what only its provider has.
    return undefined
  }
}

/** As it was collected, or read again from an answer that was handed through whole. */
function replyOf({ seen, target }: Attempt, limit: number): ChatReply | undefined {
  if (seen === undefined || seen.reply !== undefined) return seen?.reply
  const { chat } = target.dialect.provider ?? {}
  if (!target.passThrough || chat === undefined || seen.whole === undefined || seen.whole.length > limit)
    return undefined
  const body = parseJson(Buffer.from(seen.whole).toString('utf8'))
  if (body === undefined) return undefined
  const events: ChatEvent[] = []
  chat.decodeWhole(body, (event) => events.push(event))
  return collect(events)
}

function responseFacts({ seen }: Attempt, reply: ChatReply | undefined): ResponseFacts {
  if (seen === undefined) return {}
  if (reply !== undefined) {
    const reasons = reply.choices.flatMap(({ finish }) => (finish === undefined ? [] : (finish.raw ?? finish.unified)))
    return { id: reply.id, model: reply.model, finishReasons: reasons.length === 0 ? undefined : reasons }
  }
  const about = seen.about ?? (seen.whole === undefined ? undefined : topFacts(seen.whole))
  return { id: about?.id, model: about?.model, finishReasons: seen.finishes }
}

/** An answer too long to be parsed once more, or not of chat. */
function topFacts(whole: Uint8Array): { id?: string; model?: string } | undefined {
  const members = whole.length > readBytes.forContent ? undefined : scanMembers(Buffer.from(whole))
  if (members === undefined) return undefined
  const [id, model] = [memberValue(members, 'id'), memberValue(members, 'model')]
  return { ...(typeof id === 'string' && { id }), ...(typeof model === 'string' && { model }) }
}

type Measured = Omit<AttemptEnd, 'isFinal' | 'request' | 'response' | 'content'>

function attemptEnd(call: Call, attempt: Attempt, row: AttemptRow | undefined): Measured {
  const { number, target, startedAt, durationMs, firstTokenMs, outcome, status, errorCode, usage } = attempt
  return {
    number,
    target,
    startedAt,
    durationMs,
    firstTokenMs,
    stream: call.stream,
    outcome,
    status,
    errorCode,
    tokens: {
      input: row?.inputTokens,
      output: row?.outputTokens,
      cacheRead: row?.cacheReadTokens,
      cacheWrite: row?.cacheWriteTokens,
      reasoning: row?.reasoningTokens,
      inputAudio: usage?.inputAudio,
      outputAudio: usage?.outputAudio,
      estimated: row?.estimated === true,
    },
    costNanoUsd: row?.costNanoUsd,
  }
}

function callEnd({ call, caller, route, answer }: Ending, { costNanoUsd }: Settled, totalMs: number): CallEnd {
  const { failure, head, hit } = answer
  return {
    durationMs: totalMs,
    // After the commit point the client has had its 200, whatever came then.
    status: call.sink.headSent && failure !== undefined ? head.status : (failure?.status ?? head.status),
    errorCode: failure === undefined ? undefined : (failure.code ?? failure.type),
    requestedModel: call.model,
    alias: route?.alias,
    key: caller?.name,
    feature: call.options.metadata?.feature,
    stream: call.stream,
    cache: answer.cache,
    attempts: answer.attempts.length,
    costNanoUsd,
    savedNanoUsd: hit?.savedNanoUsd,
  }
}
