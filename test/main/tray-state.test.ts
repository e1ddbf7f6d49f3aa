import { describe, expect, test } from 'vitest'
import type { Api } from '../../gateway/api/api.ts'
import type { CallRow, GatewayEvent } from '../../gateway/contract.ts'
import { createTrayActions } from '../../main/tray-actions.ts'
import { createTrayState } from '../../main/tray-snapshot.ts'

const targets = [
  { provider: 'a', model: '1' },
  { provider: 'b', model: '2' },
  { provider: 'c', model: '3' },
]

/** Answers from a table and remembers what it was asked. */
function fakeApi() {
  const answers: Record<string, unknown> = {
    'status.get': { state: 'running', reasons: [], url: 'http://x', port: 1, todayCostNanoUsd: 0, usesDemo: true },
    'aliases.list': { aliases: [{ name: 'fast', targets }] },
    'cache.get': { enabled: false, ttlMs: 1000, maxBytes: 2_000_000 },
    'traffic.list': { calls: [] },
  }
  const asked: [string, unknown][] = []
  let listener: (event: GatewayEvent) => void = () => undefined
  const api: Api = {
    async call(method, input) {
      asked.push([method, input])
      return { ok: true, value: answers[method] ?? {} }
    },
    subscribe(next) {
      listener = next
      return () => undefined
    },
  }
  return { api, answers, asked, tell: (event: GatewayEvent) => listener(event) }
}

async function start() {
  const fake = fakeApi()
  let changes = 0
  const state = await createTrayState({
    api: fake.api,
    startAtLogin: false,
    update: { state: 'idle', version: null, progress: null, reason: null },
    freePort: undefined,
    onChange: () => (changes += 1),
  })
  return { ...fake, state, changes: () => changes }
}

function row(callId: string, outcome: CallRow['outcome']): CallRow {
  return { callId, outcome } as CallRow
}

describe('what the tray knows', () => {
  test('a status event changes it, without asking anybody', async () => {
    const { state, tell, asked, changes } = await start()
    const before = asked.length
    tell({ event: 'status', data: { ...state.current().status, todayCostNanoUsd: 5 } as never })
    expect(state.current().status.todayCostNanoUsd).toBe(5)
    expect([asked.length, changes()]).toEqual([before, 1])
  })

  test('errors of calls come first, newest on top, at most five', async () => {
    const { state, tell } = await start()
    const calls = [row('1', 'ok'), row('2', 'error'), row('3', 'broken'), row('4', 'refused'), row('5', 'aborted')]
    tell({ event: 'calls', data: { calls, dropped: 0 } })
    expect(state.current().errors.map(({ callId }) => callId)).toEqual(['3', '2'])
    for (let index = 6; index < 12; index += 1) {
      tell({ event: 'calls', data: { calls: [row(String(index), 'error')], dropped: 0 } })
    }
    expect(state.current().errors.map(({ callId }) => callId)).toEqual(['11', '10', '9', '8', '7'])
  })

  test('calls that went well change nothing', async () => {
    const { tell, changes } = await start()
    tell({ event: 'calls', data: { calls: [row('1', 'ok')], dropped: 0 } })
    expect(changes()).toBe(0)
  })

  test('a changed configuration is read anew', async () => {
    const { state, tell, answers } = await start()
    answers['aliases.list'] = { aliases: [] }
    tell({ event: 'config', data: {} })
    await expect.poll(() => state.current().aliases).toEqual([])
  })
})

describe('what a click does', () => {
  async function click(action: Parameters<ReturnType<typeof createTrayActions>>[0]) {
    const { api, asked } = fakeApi()
    const nothing = (): void => undefined
    const shell = { open: nothing, copy: nothing, setStartAtLogin: nothing, updateStep: nothing, quit: nothing }
    await createTrayActions({ ...shell, api, usePort: async () => undefined })(action)
    return asked.at(-1)
  }

  test.each([
    ['pause', { do: 'pause', paused: true }, ['status.pause', { paused: true }]],
    [
      'a target is asked first, the others keep their order',
      { do: 'prefer', alias: 'fast', target: 2 },
      ['aliases.save', { name: 'fast', targets: [targets[2], targets[0], targets[1]] }],
    ],
    ['the first target is first already', { do: 'prefer', alias: 'fast', target: 0 }, ['aliases.list', {}]],
    ['an alias that is gone', { do: 'prefer', alias: 'gone', target: 1 }, ['aliases.list', {}]],
    [
      'the cache keeps its other settings',
      { do: 'cache', enabled: true },
      ['cache.configure', { enabled: true, ttlMs: 1000, maxBytes: 2_000_000 }],
    ],
  ] as const)('%s', async (_name, action, expected) => {
    expect(await click(action)).toEqual(expected)
  })
})
