import { beforeEach, describe, expect, test } from 'vitest'
import type { Usage } from '../../../gateway/chat/usage.ts'
import { GatewayError } from '../../../gateway/errors.ts'
import type { Ticket } from '../../../gateway/pipeline/admit.ts'
import { abortFailure } from '../../../gateway/pipeline/attempt.ts'
import type { Answer, Attempt, Call } from '../../../gateway/pipeline/call.ts'
import { failedAnswer } from '../../../gateway/pipeline/send-answer.ts'
import { attemptUsage, ledgerRows, settle, type Ending, type SettlePorts } from '../../../gateway/pipeline/settle.ts'
import type { AttemptRow, Ledger } from '../../../gateway/stores/ledger.ts'
import { anAttempt, call, hello, nobody, target } from './stage.ts'

/** 2 nano-USD for a token of input, 3 for one of output. */
const ports = {
  costOf: (_: Attempt, usage: Usage) => 2 * (usage.input ?? 0) + 3 * (usage.output ?? 0),
  nowMs: () => 70,
}

function answerOf(attempts: Attempt[], more: Partial<Answer> = {}): Answer {
  return {
    cache: 'BYPASS',
    attempts,
    decisive: attempts.at(-1),
    failure: undefined,
    head: { status: 200, headers: {} },
    tail: new Uint8Array(),
    hit: undefined,
    ...more,
  }
}

function ending(answer: Answer, of: Call = call(hello)): Ending {
  return { call: of, caller: nobody, route: { alias: undefined, targets: [target()] }, ticket: undefined, answer }
}

const common = {
  callId: 'c1',
  dialect: 'openai-chat',
  stream: false,
  requestedModel: 'm',
  key: 'anonymous',
  cache: 'BYPASS',
}

const failed = { outcome: 'error', status: 503, errorCode: 'overloaded', usage: undefined, produced: false } as const

const table: [what: string, given: Ending, rows: object[]][] = [
  [
    'one good attempt',
    ending(answerOf([anAttempt({ firstTokenMs: 20 })])),
    [
      {
        ...common,
        attempt: 1,
        final: true,
        startedAt: 1_000_000,
        provider: 'p',
        model: 'm',
        outcome: 'ok',
        status: 200,
        estimated: false,
        durationMs: 50,
        firstTokenMs: 20,
        inputTokens: 10,
        outputTokens: 5,
        costNanoUsd: 35,
      },
    ],
  ],
  [
    'two retries, then an answer: failed ones produced nothing and cost nothing',
    ending(answerOf([anAttempt(failed), anAttempt({ ...failed, number: 2 }), anAttempt({ number: 3 })])),
    [
      { attempt: 1, final: false, outcome: 'error', status: 503, errorCode: 'overloaded', costNanoUsd: 0 },
      { attempt: 2, final: false, outcome: 'error', costNanoUsd: 0 },
      { attempt: 3, final: true, outcome: 'ok', costNanoUsd: 35 },
    ],
  ],
  [
    'a failed attempt that reported usage is paid for',
    ending(answerOf([anAttempt({ ...failed, usage: { input: 100, output: 0 } }), anAttempt({ number: 2 })])),
    [{ costNanoUsd: 200, inputTokens: 100, outputTokens: 0 }, { costNanoUsd: 35 }],
  ],
  [
    'fallback to another provider',
    ending(answerOf([anAttempt(failed), anAttempt({ number: 2, target: target({ model: 'm2' }) })])),
    [
      { provider: 'p', model: 'm', final: false },
      { model: 'm2', final: true },
    ],
  ],
  [
    'all that usage can tell',
    ending(
      answerOf([
        anAttempt({ usage: { input: 10, cacheRead: 4, cacheWrite: 3, cacheWrite1h: 1, output: 5, reasoning: 2 } }),
      ]),
    ),
    [{ inputTokens: 10, cacheReadTokens: 4, cacheWriteTokens: 3, outputTokens: 5, reasoningTokens: 2 }],
  ],
  [
    'a cache hit: no attempt, no cost, money saved',
    ending(
      answerOf([], {
        cache: 'HIT',
        hit: { provider: 'p', providerModel: 'm-1', savedNanoUsd: 35, storedAt: 1 },
      }),
    ),
    [
      {
        ...common,
        cache: 'HIT',
        attempt: 0,
        final: true,
        startedAt: 1_000_000,
        outcome: 'ok',
        status: 200,
        estimated: false,
        durationMs: 70,
        provider: 'p',
        model: 'm-1',
        costNanoUsd: 0,
        savedNanoUsd: 35,
      },
    ],
  ],
  [
    'a hit of unknown price saves an unknown amount',
    ending(
      answerOf([], { cache: 'HIT', hit: { provider: 'p', providerModel: 'm', savedNanoUsd: undefined, storedAt: 1 } }),
    ),
    [{ costNanoUsd: 0, savedNanoUsd: undefined }],
  ],
  [
    'refused by a limit',
    ending(failedAnswer(new GatewayError('rate_limit_exceeded', 'no'))),
    [
      {
        attempt: 0,
        final: true,
        outcome: 'refused',
        status: 429,
        errorCode: 'rate_limit_exceeded',
        provider: undefined,
        costNanoUsd: 0,
      },
    ],
  ],
  [
    'refused before it was known who asks',
    { ...ending(failedAnswer(new GatewayError('invalid_api_key', 'no'))), caller: undefined, route: undefined },
    [{ key: 'unknown', outcome: 'refused', status: 401 }],
  ],
  [
    'the client left while it waited for another call',
    ending(failedAnswer(new GatewayError('client_closed_request', 'gone'))),
    [{ attempt: 0, outcome: 'aborted', status: 499 }],
  ],
  [
    'the client left in the middle: what was produced is counted and flagged',
    ending(
      answerOf([anAttempt({ outcome: 'aborted', usage: undefined, outputEstimate: 7 })], {
        failure: abortFailure(undefined),
      }),
      call({ ...hello, stream: true }),
    ),
    [{ stream: true, outcome: 'aborted', estimated: true, inputTokens: 3, outputTokens: 7, costNanoUsd: 27 }],
  ],
  [
    'an answer whose provider counts nothing',
    ending(answerOf([anAttempt({ usage: undefined, outputEstimate: 9 })])),
    [{ outcome: 'ok', estimated: true, inputTokens: 3, outputTokens: 9 }],
  ],
  [
    'usage that says nothing is none',
    ending(answerOf([anAttempt({ usage: { serviceTier: 'default' }, outputEstimate: 9 })])),
    [{ estimated: true, outputTokens: 9 }],
  ],
  [
    'zero is zero and not unknown',
    ending(answerOf([anAttempt({ usage: { input: 0, output: 0 } })])),
    [{ inputTokens: 0, outputTokens: 0, costNanoUsd: 0, estimated: false }],
  ],
  [
    'labels of the call',
    {
      ...ending(
        answerOf([anAttempt()]),
        call({ ...hello, 'x-gateway': { metadata: { feature: 'chat', user_id: 'u1' } } }),
      ),
      caller: { ...nobody, name: 'app' },
      route: { alias: 'fast', targets: [target()] },
    },
    [{ key: 'app', alias: 'fast', feature: 'chat', userId: 'u1' }],
  ],
]
test.each(table)('rows: %s', (_what, given, rows) => {
  const made = ledgerRows(given, ports)
  expect(made).toHaveLength(rows.length)
  for (const [index, row] of rows.entries()) {
    const named = Object.keys(row).map((name) => [name, made[index]?.[name as keyof AttemptRow]])
    expect(Object.fromEntries(named)).toEqual(row)
  }
  expect(made.filter(({ final }) => final)).toHaveLength(1)
})

test('a complete row has these members and no others', () => {
  expect(ledgerRows(ending(answerOf([anAttempt()])), ports)[0]).toEqual({
    ...common,
    attempt: 1,
    final: true,
    startedAt: 1_000_000,
    provider: 'p',
    model: 'm',
    outcome: 'ok',
    status: 200,
    estimated: false,
    durationMs: 50,
    inputTokens: 10,
    outputTokens: 5,
    costNanoUsd: 35,
  })
})

describe('attemptUsage', () => {
  const silent = anAttempt({ usage: undefined, outputEstimate: 4 })

  test('a body too large to parse is counted by its bytes', () => {
    const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'x'.repeat(600_000) }] })
    expect(attemptUsage(silent, call(body))).toEqual({ input: Math.ceil(body.length / 4), output: 4, estimated: true })
  })

  test('a body that only its provider could read is counted by its bytes', () => {
    const body = '{"model":"m","messages":[NaN]}'
    expect(attemptUsage(silent, call(body))).toEqual({ input: Math.ceil(body.length / 4), output: 4, estimated: true })
  })

  test('nothing produced, nothing counted', () => {
    expect(attemptUsage(anAttempt({ usage: undefined, produced: false }), call())).toBeUndefined()
  })
})

describe('settle', () => {
  let events: string[]
  let appended: AttemptRow[]
  let ticket: Ticket

  beforeEach(() => {
    events = []
    appended = []
    ticket = { headers: {}, settle: (usage) => void events.push(`ticket ${JSON.stringify(usage)}`) }
  })

  function settlePorts(more: Partial<SettlePorts> = {}): SettlePorts {
    const ledger: Ledger = {
      append: async (rows) => {
        events.push('begin')
        await Promise.resolve()
        appended.push(...rows)
        events.push('committed')
      },
      usage: () => Promise.reject(new Error('not asked')),
      prune: () => Promise.resolve(0),
      close: () => Promise.resolve(),
    }
    return {
      ledger,
      ...ports,
      pricesReady: () => undefined,
      onSettled: () => void events.push('settled'),
      onLedgerError: (error) => void events.push(String(error)),
      ...more,
    }
  }

  test('resolves when the ledger has it, with the cost of all attempts', async () => {
    const given = {
      ...ending(answerOf([anAttempt({ ...failed, usage: { input: 1 } }), anAttempt({ number: 2 })])),
      ticket,
    }
    const settled = await settle(given, settlePorts())
    expect(events).toEqual(['ticket {"input":10,"output":5}', 'begin', 'committed', 'settled'])
    expect(settled).toEqual({ rows: appended, costNanoUsd: 37 })
  })

  test('one unknown price makes the sum unknown, not smaller', async () => {
    let asked = 0
    const costOf = () => ((asked += 1) === 1 ? undefined : 35)
    const given = ending(answerOf([anAttempt({ outcome: 'error' }), anAttempt({ number: 2 })]))
    const settled = await settle(given, settlePorts({ costOf }))
    expect(settled.costNanoUsd).toBeUndefined()
    expect(settled.rows.map(({ costNanoUsd }) => costNanoUsd)).toEqual([undefined, 35])
    expect(settled.rows[0]).not.toHaveProperty('costNanoUsd')
  })

  test('a ledger that cannot be written stops no call', async () => {
    const broken = settlePorts()
    broken.ledger = { ...broken.ledger, append: () => Promise.reject(new Error('disk full')) }
    const settled = await settle(ending(answerOf([anAttempt()])), broken)
    expect(settled.costNanoUsd).toBe(35)
    expect(events).toEqual(['Error: disk full', 'settled'])
  })

  test('waits for prices before the first call is priced', async () => {
    let ready = false
    const pricesReady = async () => {
      await Promise.resolve()
      ready = true
    }
    const costOf = () => (ready ? 1 : undefined)
    const settled = await settle(ending(answerOf([anAttempt()])), settlePorts({ pricesReady, costOf }))
    expect(settled.costNanoUsd).toBe(1)
  })

  test('nothing was used: the whole reserve goes back', async () => {
    await settle({ ...ending(failedAnswer(new GatewayError('no_provider', 'x'))), ticket }, settlePorts())
    expect(events[0]).toBe('ticket undefined')
  })
})
