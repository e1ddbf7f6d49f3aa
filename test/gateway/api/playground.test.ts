import { expect, test } from 'vitest'
import { chatBody, createPlaygroundHandlers, type PlaygroundPorts } from '../../../gateway/api/playground.ts'
import type { EventData, GatewayEvent, MethodInput } from '../../../gateway/contract.ts'
import { events } from '../../../gateway/contract.ts'
import { GatewayError } from '../../../gateway/errors.ts'
import type { Answer, Call, CallFailure, Caller } from '../../../gateway/pipeline/call.ts'
import type { Stages } from '../../../gateway/pipeline/handle.ts'
import { failedAnswer } from '../../../gateway/pipeline/send-answer.ts'
import { ledgerRows } from '../../../gateway/pipeline/settle.ts'
import { anAttempt } from '../pipeline/stage.ts'

const question: MethodInput<'playground.send'> = {
  id: 'q1',
  model: 'fast',
  messages: [{ role: 'user', content: 'Hello' }],
  useCache: false,
}

const sse = (content: string): Buffer =>
  Buffer.from(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`)

/** Stages that answer as told, and the true sums at the end. */
function stages(answer: (call: Call) => Promise<Answer>, seen: { caller?: Caller } = {}): Stages {
  return {
    authenticate: () => {
      throw new GatewayError('invalid_api_key', 'No key.')
    },
    route: (_call, caller) => {
      seen.caller = caller
      return { alias: undefined, targets: [anAttempt().target] }
    },
    admit: () => ({ headers: {}, settle: () => {} }),
    answer,
    settle: (ending) => {
      const rows = ledgerRows(ending, { costOf: () => 42, nowMs: () => 0 })
      return Promise.resolve({ rows, costNanoUsd: 42 })
    },
    onUnexpected: () => {},
  }
}

const attempt = anAttempt({ usage: { input: 3, output: 2 } })

function good(call: Call, failure?: CallFailure): Answer {
  return {
    cache: 'BYPASS',
    attempts: [attempt],
    decisive: attempt,
    failure,
    head: { status: 200, headers: {} },
    tail: new Uint8Array(),
    hit: undefined,
    ...(call.sink.headSent ? {} : { tail: sse('late') }),
  }
}

interface World {
  told: EventData<'playground'>[]
  ports: PlaygroundPorts
  /** Resolves with the event that ends the answer. */
  ended: Promise<EventData<'playground'>>
}

function world(of: Stages, more: Partial<PlaygroundPorts> = {}): World {
  const told: EventData<'playground'>[] = []
  const { promise: ended, resolve } = Promise.withResolvers<EventData<'playground'>>()
  let nowMs = 0
  const emit = ({ event, data }: GatewayEvent): void => {
    if (event !== 'playground') return
    told.push(events.playground.parse(data))
    if (data.end !== null) resolve(data)
  }
  const ports: PlaygroundPorts = {
    stages: () => of,
    prepare: (call) => call,
    checkOpen: () => {},
    emit,
    calls: new Set(),
    inFlight: () => {},
    now: () => 0,
    nowMs: () => (nowMs += 5),
    newId: () => 'c1',
    ...more,
  }
  return { told, ports, ended }
}

test('an answer: its text, and at the end what it took', async () => {
  const seen: { caller?: Caller } = {}
  const { told, ports, ended } = world(
    stages(async (call) => {
      call.sink.head({ status: 200, headers: {} })
      call.sink.write(sse('Hel'))
      call.sink.write(sse('lo'))
      return good(call)
    }, seen),
  )
  expect(createPlaygroundHandlers(ports)['playground.send'](question)).toEqual({})
  const { end } = await ended
  expect(told.map(({ text }) => text).join('')).toBe('Hello')
  expect(told.every(({ id }) => id === 'q1')).toBe(true)
  expect(end).toMatchObject({
    callId: 'c1',
    provider: attempt.target.provider.name,
    model: attempt.target.model,
    cache: 'BYPASS',
    inputTokens: 3,
    outputTokens: 2,
    costNanoUsd: 42,
    error: null,
  })
  expect(end?.firstTokenMs).toBeLessThan(end?.durationMs ?? 0)
  expect(seen.caller).toEqual({ name: 'playground', models: undefined, limits: [] })
  expect(ports.calls.size).toBe(0)
})

const failures: [name: string, answer: (call: Call) => Promise<Answer>, error: object][] = [
  [
    'the provider refused',
    (call) =>
      Promise.resolve(
        good(call, { status: 400, message: 'no such model', type: 'x', retryable: false, param: 'model' }),
      ),
    { code: 'x', message: 'no such model', field: 'model', hint: null },
  ],
  [
    'it may go better soon',
    (call) => Promise.resolve(good(call, { status: 429, message: 'slow down', code: 'rate', retryable: true })),
    { code: 'rate', message: 'slow down', hint: 'Try again in a moment, or ask another model.' },
  ],
  [
    'a limit of the gateway',
    () => Promise.resolve(failedAnswer(new GatewayError('rate_limit_exceeded', 'Too many.'))),
    { code: 'rate_limit_exceeded', message: 'Too many.' },
  ],
]
test.each(failures)('%s', async (_name, answer, error) => {
  const { ports, ended } = world(stages(answer))
  void createPlaygroundHandlers(ports)['playground.send'](question)
  expect((await ended).end?.error).toMatchObject(error)
})

test('what never became a call says so too', async () => {
  const broken = (): never => {
    throw new GatewayError('invalid_request', 'The request names no model.', { param: 'model' })
  }
  const { ports, ended } = world(
    stages(() => Promise.reject(new Error('never'))),
    { prepare: broken },
  )
  void createPlaygroundHandlers(ports)['playground.send'](question)
  expect((await ended).end).toMatchObject({
    callId: null,
    costNanoUsd: null,
    error: { code: 'invalid_request', field: 'model' },
  })
})

test('stopped: the call is aborted, and that is no error', async () => {
  const { ports, ended } = world(
    stages(async (call) => {
      call.sink.head({ status: 200, headers: {} })
      call.sink.write(sse('Hel'))
      if (!call.signal.aborted) await new Promise((resolve) => call.signal.addEventListener('abort', resolve))
      return good(call, { status: 499, message: 'Stopped.', retryable: false })
    }),
  )
  const { 'playground.send': send, 'playground.stop': stop } = createPlaygroundHandlers(ports)
  void send(question)
  expect(() => send(question)).toThrow('answered already')
  expect(stop({ id: 'another' })).toEqual({})
  await Promise.resolve()
  void stop({ id: 'q1' })
  expect((await ended).end?.error).toBeNull()
})

test('while calls are refused, nothing is asked', () => {
  const { ports } = world(
    stages(() => Promise.reject(new Error('never'))),
    {
      checkOpen: () => {
        throw new GatewayError('paused', 'The gateway is paused.')
      },
    },
  )
  expect(() => createPlaygroundHandlers(ports)['playground.send'](question)).toThrow('paused')
})

test('what is sent', () => {
  expect(chatBody({ ...question, temperature: 0, maxTokens: 5 })).toEqual({
    model: 'fast',
    messages: [{ role: 'user', content: 'Hello' }],
    stream: true,
    temperature: 0,
    max_completion_tokens: 5,
    'x-gateway': { cache: false, metadata: { feature: 'playground' } },
  })
  expect(Object.keys(chatBody(question))).not.toContain('temperature')
})
