import { expect, test } from 'vitest'
import type { GatewayError } from '../../../gateway/errors.ts'
import type { Caller } from '../../../gateway/pipeline/call.ts'
import { routingTable } from '../../../gateway/pipeline/route.ts'
import { createRouter } from '../../../gateway/pipeline/router.ts'
import { configSchema } from '../../../gateway/config/schema.ts'
import { call, hello, nobody, provider } from './stage.ts'

const providers = [provider({ name: 'a' }, 0), provider({ name: 'b' }, 1)]
const config = configSchema.parse({
  routing: {
    modelMappings: {
      fast: { provider: 'a', model: 'small' },
      drawn: [
        { provider: 'a', model: 'one', weight: 1 },
        { provider: 'b', model: 'two', weight: 1 },
      ],
    },
  },
})
const table = routingTable(config, providers)

function ask(model: string, models: string[] | undefined, insisted?: string): string {
  const caller: Caller = { ...nobody, name: 'app', models }
  const extension = insisted === undefined ? {} : { 'x-gateway': { provider: insisted } }
  try {
    const { targets } = createRouter(table, () => 0)(call({ ...hello, model, ...extension }), caller)
    return `${targets[0]?.provider.name}/${targets[0]?.model}`
  } catch (error) {
    return (error as GatewayError).code
  }
}

const cases: [what: string, model: string, models: string[] | undefined, insisted: string | undefined, to: string][] = [
  ['no list', 'anything', undefined, undefined, 'a/anything'],
  ['a pattern', 'gpt-4', ['gpt-*'], undefined, 'a/gpt-4'],
  ['not on the list', 'o3', ['gpt-*'], undefined, 'model_not_allowed'],
  ['an alias on the list', 'fast', ['fast'], undefined, 'a/small'],
  ['an alias, elsewhere', 'fast', ['fast'], 'b', 'model_not_allowed'],
  ['a provider pattern', 'a/x', ['a/*'], undefined, 'a/x'],
  ['a provider pattern, that provider', 'a/x', ['a/*'], 'a', 'a/x'],
  ['a provider pattern, asked of another provider', 'a/x', ['a/*'], 'b', 'model_not_allowed'],
  ['a vendor prefix that is no provider here', 'meta/llama', ['meta/*'], 'b', 'b/meta/llama'],
]
test.each(cases)('%s: %s', (_what, model, models, insisted, to) => {
  expect(ask(model, models, insisted)).toBe(to)
})

test('a route is remembered, one that draws lots is drawn anew', () => {
  const draws = [0, 0, 0.9, 0]
  const router = createRouter(table, () => draws.shift() ?? 0)
  const of = (model: string): unknown => router(call({ ...hello, model }), nobody)
  expect(of('fast')).toBe(of('fast'))
  expect(of('drawn')).not.toBe(of('drawn'))
})
