import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { findModel, listModels } from '../../../gateway/api/models.ts'
import type { ConfigInput } from '../../../gateway/config/schema.ts'
import type { Probe, ProbeResult } from '../../../gateway/pipeline/probe.ts'
import { routingTable, type RoutingTable } from '../../../gateway/pipeline/route.ts'
import { resolveProvider } from '../../../gateway/providers/provider.ts'
import { config } from '../pipeline/stage.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function table(providers: NonNullable<ConfigInput['providers']>, routing: ConfigInput['routing'] = {}): RoutingTable {
  const all = config({ providers, routing })
  return routingTable(
    all,
    all.providers.map((provider, order) => resolveProvider(provider, order)),
  )
}

const openai = { type: 'openai', apiKey: 'k' } as const

/** Lists by provider; one that has none never answers. */
function probeOf(lists: Record<string, string[]>): Probe & { asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    last: () => undefined,
    check: ({ name }) => {
      asked.push(name)
      const models = lists[name]
      const result: ProbeResult = { ok: true, reason: undefined, models: models ?? [], checkedAt: 0 }
      return models === undefined ? new Promise(() => {}) : Promise.resolve(result)
    },
  }
}

test('aliases first, then what the configuration lists, then what providers list; nothing twice', async () => {
  const probe = probeOf({ b: ['x', 'y'], c: ['gpt-1', 'other'] })
  const models = await listModels({
    table: table(
      [
        { ...openai, name: 'a', models: ['x', 'z'] },
        { ...openai, name: 'b' },
        { ...openai, name: 'c', models: ['gpt-*', 'own'] },
      ],
      { modelMappings: { fast: { provider: 'a', model: 'x' } } },
    ),
    probe,
    allowed: undefined,
  })
  expect(models.map(({ id, owner }) => `${owner}:${id}`)).toEqual([
    'llm-gateway:fast',
    'a:x',
    'a:z',
    'b:y',
    'c:own',
    'c:gpt-1',
  ])
  expect(models[0]).toMatchObject({ owner: 'llm-gateway', target: { model: 'x', provider: { name: 'a' } } })
  expect(probe.asked).toEqual(['b', 'c'])
})

test('a slow provider does not hold the list for longer than its patience', async () => {
  const listing = listModels({
    table: table([
      { ...openai, name: 'a', models: ['x'] },
      { ...openai, name: 'slow' },
    ]),
    probe: probeOf({}),
    allowed: undefined,
  })
  await vi.advanceTimersByTimeAsync(2500)
  expect((await listing).map(({ id }) => id)).toEqual(['x'])
  expect(vi.getTimerCount()).toBe(0)
})

test('a provider that cannot be called is not asked', async () => {
  const probe = probeOf({ a: ['x'] })
  expect(await listModels({ table: table([{ type: 'openai', name: 'a' }]), probe, allowed: undefined })).toEqual([])
  expect(probe.asked).toEqual([])
})

describe('one model', () => {
  const of = table([{ ...openai, name: 'a', models: ['x', 'meta/llama'] }], {
    modelMappings: { fast: { provider: 'a', model: 'x' } },
  })
  const view = { table: of, probe: probeOf({}), allowed: undefined }
  test.each([
    ['x', 'a'],
    ['a/x', 'a'],
    ['meta/llama', 'a'],
    ['a/meta/llama', 'a'],
    ['fast', 'llm-gateway'],
  ])('%s is owned by %s', async (id, owner) => {
    expect(await findModel(id, view)).toMatchObject({ id, owner })
  })

  test('that is not there', async () => {
    await expect(findModel('nope', view)).rejects.toMatchObject({ code: 'model_not_found', status: 404 })
  })
})

describe('what a key may use', () => {
  const of = table([
    { ...openai, name: 'a', models: ['x', 'y'] },
    { ...openai, name: 'b', models: ['x', 'z'] },
  ])
  test.each<[allowed: string[] | undefined, ids: string[]]>([
    [undefined, ['x', 'y', 'z']],
    [['*'], ['x', 'y', 'z']],
    [['x'], ['x']],
    // Only to be had with the provider before it, so that is how it is listed.
    [['b/*'], ['b/x', 'b/z']],
    [
      ['z', 'a/x'],
      ['a/x', 'z'],
    ],
    [['nothing'], []],
  ])('%j', async (allowed, ids) => {
    const view = { table: of, probe: probeOf({}), allowed }
    expect((await listModels(view)).map(({ id }) => id)).toEqual(ids)
  })

  test('the others are not there when asked for by name', async () => {
    const view = { table: of, probe: probeOf({}), allowed: ['x'] }
    await expect(findModel('y', view)).rejects.toMatchObject({ code: 'model_not_found' })
  })
})
