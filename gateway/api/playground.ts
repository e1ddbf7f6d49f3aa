import { given } from '../chat/given.ts'
import type { JsonObject } from '../chat/json.ts'
import type { CallError, EventData, GatewayEvent, MethodInput } from '../contract.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { findDialect } from '../dialects/index.ts'
import { GatewayError } from '../errors.ts'
import { openCall } from '../http/open-call.ts'
import type { Call, CallFailure, Caller } from '../pipeline/call.ts'
import { handle, type Stages } from '../pipeline/handle.ts'
import type { Ending, Settled } from '../pipeline/settle.ts'
import type { HandlersOf } from './api.ts'
import { createCoalescer, createPieceSink, type Piece } from './playground-stream.ts'

export interface PlaygroundPorts {
  /** The stages of the configuration in force. */
  stages: () => Stages
  /** What a call goes through before them. */
  prepare: (call: Call) => Call
  /** Throws while calls are refused (paused, shutting down). */
  checkOpen: () => void
  emit: (event: GatewayEvent) => void
  /** Running calls, which shutting down waits for and then ends. */
  calls: Set<AbortController>
  inFlight: (delta: 1 | -1) => void
  now: () => number
  nowMs: () => number
  newId: () => string
}

type Question = MethodInput<'playground.send'>
type End = NonNullable<EventData<'playground'>['end']>

/** About twenty events a second. */
const tellEveryMs = 50

/** The user at the window: no key, no limits of a key; what holds for all holds for them too. */
/** Under which its calls are counted. */
export const playgroundKey = 'playground'

const caller: Caller = { name: playgroundKey, models: undefined, limits: [] }

/** Real calls through the whole pipeline, so that what they cost is in the ledger like any other. */
export function createPlaygroundHandlers(ports: PlaygroundPorts): HandlersOf<'playground'> {
  const running = new Map<string, AbortController>()
  return {
    'playground.send'(question) {
      ports.checkOpen()
      if (running.has(question.id)) {
        throw new GatewayError('invalid_request', 'This question is being answered already.', { param: 'id' })
      }
      const controller = new AbortController()
      running.set(question.id, controller)
      // Its answer comes as events; `ask` tells of every failure itself.
      void ask(question, controller, ports).finally(() => running.delete(question.id))
      return {}
    },

    'playground.stop'({ id }) {
      running.get(id)?.abort(new GatewayError('client_closed_request', 'Stopped.'))
      return {}
    },
  }
}

async function ask(question: Question, controller: AbortController, ports: PlaygroundPorts): Promise<void> {
  const { id } = question
  const startedMs = ports.nowMs()
  let firstTokenMs: number | null = null
  const tell = (piece: Piece, end: End | null): void => ports.emit({ event: 'playground', data: { id, ...piece, end } })
  const pieces = createCoalescer(tellEveryMs, (piece) => tell(piece, null))
  const sink = createPieceSink((piece) => {
    firstTokenMs ??= ports.nowMs() - startedMs
    pieces.add(piece)
  })
  const outcome = await run(question, { sink, controller }, ports)
  const { reason }: { reason: unknown } = controller.signal
  const isStopped = reason instanceof GatewayError && reason.code === 'client_closed_request'
  const durationMs = ports.nowMs() - startedMs
  tell(pieces.take(), { ...outcomeOf(outcome, isStopped), durationMs, firstTokenMs })
}

interface Outcome {
  callId: string
  error: unknown
  done: { ending: Ending; settled: Settled } | undefined
}

async function run(
  question: Question,
  { sink, controller }: { sink: Call['sink']; controller: AbortController },
  ports: PlaygroundPorts,
): Promise<Outcome> {
  const outcome: Outcome = { callId: ports.newId(), error: undefined, done: undefined }
  ports.calls.add(controller)
  ports.inFlight(1)
  try {
    const call = openCall({
      id: outcome.callId,
      dialect: findDialect('openai-chat') as Dialect,
      headers: {},
      body: Buffer.from(JSON.stringify(chatBody(question))),
      sink,
      signal: controller.signal,
      startedAt: ports.now(),
      startedMs: ports.nowMs(),
    })
    const stages = ports.stages()
    await handle(ports.prepare(call), {
      ...stages,
      authenticate: () => caller,
      async settle(ending) {
        const settled = await stages.settle(ending)
        outcome.done = { ending, settled }
        return settled
      },
    })
  } catch (error) {
    outcome.error = error
  } finally {
    ports.calls.delete(controller)
    ports.inFlight(-1)
  }
  return outcome
}

export function chatBody({ model, messages, temperature, maxTokens, useCache }: Question): JsonObject {
  return {
    model,
    messages,
    stream: true,
    ...given({ temperature, max_completion_tokens: maxTokens }),
    'x-gateway': { cache: useCache, metadata: { feature: 'playground' } },
  }
}

function outcomeOf({ callId, error, done }: Outcome, isStopped: boolean): Omit<End, 'durationMs' | 'firstTokenMs'> {
  const rows = done?.settled.rows ?? []
  const decisive = rows.find(({ final }) => final) ?? rows.at(-1)
  const failure = done?.ending.answer.failure
  return {
    callId: done === undefined ? null : callId,
    provider: decisive?.provider ?? null,
    model: decisive?.model ?? null,
    cache: done?.ending.answer.cache ?? null,
    inputTokens: decisive?.inputTokens ?? null,
    outputTokens: decisive?.outputTokens ?? null,
    costNanoUsd: done?.settled.costNanoUsd ?? null,
    // Whoever stops an answer knows why it ends.
    error: isStopped ? null : errorOf(failure, error),
  }
}

function errorOf(failure: CallFailure | undefined, error: unknown): CallError | null {
  if (failure !== undefined) {
    const { code, type, message, param, retryable } = failure
    const hint = retryable ? 'Try again in a moment, or ask another model.' : null
    return { code: code ?? type ?? 'upstream_error', message, hint, field: param ?? null }
  }
  if (error === undefined) return null
  const known =
    error instanceof GatewayError ? error : new GatewayError('internal_error', 'The call could not be made.')
  return { code: known.code, message: known.message, hint: null, field: known.param ?? null }
}
