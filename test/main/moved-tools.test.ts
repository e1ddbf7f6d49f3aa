import { expect, test } from 'vitest'
import type { Api } from '../../gateway/api/api.ts'
import { connectedTools, knownTools, pointAt } from '../../main/moved-tools.ts'

const tool = (id: string, state: string, more: object = {}) => ({
  id,
  name: id.toUpperCase(),
  state,
  keyName: id,
  chosenModel: null,
  chosenSmallModel: null,
  ...more,
})

/** Answers from a table, and remembers what was asked. */
function apiOf(answers: Record<string, (input: unknown) => unknown>) {
  const asked: [method: string, input: unknown][] = []
  const call = async (method: string, input: unknown) => {
    asked.push([method, input])
    const value = answers[method]?.(input)
    return value instanceof Error ? { ok: false, error: { message: value.message } } : { ok: true, value }
  }
  return { asked, api: { call, subscribe: () => () => undefined } as unknown as Api }
}

const tools = [
  tool('codex', 'yes', { chosenModel: 'smart' }),
  tool('zed', 'changed'),
  tool('aider', 'no'),
  tool('claude-code', 'yes', { chosenModel: 'smart', chosenSmallModel: 'fast' }),
]

test('what is connected, and who else called', async () => {
  const { api } = apiOf({ 'tools.list': () => ({ tools }), 'traffic.names': () => ({ keys: ['codex', 'script'] }) })
  expect(await knownTools(api)).toEqual({ connected: ['CODEX', 'CLAUDE-CODE'], others: ['script'] })
})

test('connected again with their models; one that fails does not keep the next', async () => {
  const { api, asked } = apiOf({
    'tools.list': () => ({ tools }),
    'tools.connect': (input) => ((input as { tool: string }).tool === 'codex' ? new Error('read-only') : {}),
  })
  await pointAt(await connectedTools(api), api)
  expect(asked.slice(1)).toEqual([
    ['tools.connect', { tool: 'codex', model: 'smart' }],
    ['tools.connect', { tool: 'claude-code', model: 'smart', smallModel: 'fast' }],
  ])
})
