import { beforeEach, describe, expect, test } from 'vitest'
import { GatewayError } from '../../../gateway/errors.ts'
import type { Answer } from '../../../gateway/pipeline/call.ts'
import { handle, type Stages } from '../../../gateway/pipeline/handle.ts'
import type { Ending } from '../../../gateway/pipeline/settle.ts'
import { anAttempt, call, hello, MemorySink, nobody, target } from './stage.ts'

const good: Answer = {
  cache: 'MISS',
  attempts: [anAttempt()],
  decisive: anAttempt(),
  failure: undefined,
  head: { status: 200, headers: { 'content-type': 'application/json' } },
  tail: Buffer.from('{}'),
  hit: undefined,
}

let order: string[]
let ending: Ending | undefined
let unexpected: unknown[]
let sink: MemorySink
let stages: Stages

beforeEach(() => {
  order = []
  ending = undefined
  unexpected = []
  sink = new MemorySink()
  const route = { alias: undefined, targets: [target()] }
  stages = {
    authenticate: (token) => {
      order.push(`authenticate ${token ?? ''}`)
      return nobody
    },
    route: () => {
      order.push('route')
      return route
    },
    admit: () => {
      order.push('admit')
      return { headers: { 'x-ratelimit-limit-requests': '1' }, settle: () => {} }
    },
    answer: async () => {
      order.push('answer')
      return { ...good, head: { status: 200, headers: { 'content-type': 'application/json' } } }
    },
    settle: async (given) => {
      order.push('settle')
      ending = given
      expect(sink.ended).toEqual([])
      return { rows: [], costNanoUsd: 5 }
    },
    onUnexpected: (error) => void unexpected.push(error),
  }
})

function run(): Promise<void> {
  return handle(call(hello, { sink, headers: { authorization: 'Bearer t' } }), stages)
}

test('stages in order; the last bytes leave after the ledger has the call', async () => {
  await run()
  expect(order).toEqual(['authenticate t', 'route', 'admit', 'answer', 'settle'])
  expect(sink.heads[0]).toMatchObject({
    status: 200,
    headers: { 'x-ratelimit-limit-requests': '1', 'x-gateway-cost': '0.000000005' },
  })
  expect(sink.endText).toBe('{}')
})

test('the spans are opened first, and go on with the call', async () => {
  const trace = { attempt: () => ({}), keepsContent: false }
  stages.trace = (received) => {
    order.push('trace')
    return { ...received, trace }
  }
  await run()
  expect(order).toEqual(['trace', 'authenticate t', 'route', 'admit', 'answer', 'settle'])
  expect(ending?.call.trace).toBe(trace)
})

test('what is recalled is what goes on', async () => {
  const recalled = call({ model: 'recalled' }, { sink })
  stages.recall = (_call, caller) => {
    order.push(`recall ${caller.name}`)
    return recalled
  }
  await run()
  expect(order).toEqual(['authenticate t', 'recall anonymous', 'route', 'admit', 'answer', 'settle'])
  expect(ending?.call).toBe(recalled)
})

describe('whatever fails, the client is told and the ledger knows', () => {
  const no = new GatewayError('rate_limit_exceeded', 'No.')
  const failures: [stage: keyof Stages, seen: object][] = [
    ['authenticate', { caller: undefined, route: undefined, ticket: undefined }],
    ['route', { caller: nobody, route: undefined, ticket: undefined }],
    ['admit', { caller: nobody, ticket: undefined }],
    ['answer', { caller: nobody, ticket: { headers: {} } }],
  ]
  test.each(failures)('%s refuses', async (stage, seen) => {
    Object.assign(stages, {
      [stage]: () => {
        throw no
      },
    })
    await run()
    expect(ending).toMatchObject({ answer: { failure: { status: 429, message: 'No.' }, attempts: [] } })
    for (const [name, value] of Object.entries(seen)) {
      const given = ending?.[name as keyof Ending]
      if (value === undefined) expect(given).toBeUndefined()
      else expect(given).toBeDefined()
    }
    expect(sink.heads[0]?.status).toBe(429)
    expect(JSON.parse(sink.endText)).toMatchObject({ error: { message: 'No.', code: 'rate_limit_exceeded' } })
    expect(unexpected).toEqual([])
  })

  test.each(failures)('%s has a mistake', async (stage) => {
    Object.assign(stages, {
      [stage]: () => {
        throw new TypeError('secret')
      },
    })
    await run()
    expect(sink.heads[0]?.status).toBe(500)
    expect(sink.endText).not.toContain('secret')
    expect(unexpected).toHaveLength(1)
  })

  test('settle has a mistake: the answer still leaves', async () => {
    stages.settle = () => Promise.reject(new TypeError('secret'))
    await run()
    expect(sink.heads[0]?.status).toBe(200)
    expect(sink.heads[0]?.headers).not.toHaveProperty('x-gateway-cost')
    expect(sink.endText).toBe('{}')
    expect(unexpected).toHaveLength(1)
  })
})
