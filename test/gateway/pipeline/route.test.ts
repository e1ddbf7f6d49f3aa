import { describe, expect, test } from 'vitest'
import type { ConfigInput } from '../../../gateway/config/schema.ts'
import type { DialectId } from '../../../gateway/dialects/dialect.ts'
import { GatewayError } from '../../../gateway/errors.ts'
import type { Route } from '../../../gateway/pipeline/call.ts'
import { route, routingTable, type RouteQuestion } from '../../../gateway/pipeline/route.ts'
import { resolveProvider } from '../../../gateway/providers/provider.ts'
import { config, dialect } from './stage.ts'

type Providers = NonNullable<ConfigInput['providers']>
type Routing = ConfigInput['routing']
interface Question extends Partial<Omit<RouteQuestion, 'dialect'>> {
  dialect?: DialectId
}

/** Types are given, so that names mean nothing. */
const openai = { type: 'openai', apiKey: 'k' } as const

function ask(
  providers: Providers,
  routing: Routing,
  model: string,
  question: Question = {},
  draws: number[] = [],
): Route {
  const all = config({ providers, routing })
  const resolved = all.providers.map((provider, order) => resolveProvider(provider, order))
  const table = routingTable(all, resolved)
  const { dialect: id = 'openai-chat', ...rest } = question
  const left = [...draws]
  return route({ provider: undefined, fallback: true, ...rest, model, dialect: dialect(id) }, table, () => {
    const draw = left.shift()
    if (draw === undefined) throw new Error('no draw was expected')
    return draw
  })
}

function names({ targets }: Route): string[] {
  return targets.map(
    ({ provider, model, substituted }) => `${provider.name}:${model}${substituted ? ' (instead)' : ''}`,
  )
}

function refusal(act: () => unknown): GatewayError {
  try {
    act()
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error('found a route')
}

const a = { ...openai, name: 'a' }
const b = { ...openai, name: 'b' }
const c = { ...openai, name: 'c' }
const m = { models: ['m'] }

describe('by the model', () => {
  const table: [what: string, providers: Providers, routing: Routing, model: string, targets: string[]][] = [
    ['the one that takes any', [a], {}, 'm', ['a:m']],
    ['of two that take any the first, and no guess beyond it', [a, b], {}, 'm', ['a:m']],
    ['of two that take any the preferred by priority', [a, { ...b, priority: 1 }], {}, 'm', ['b:m']],
    ['of two that take any the default', [a, b], { defaultProvider: 'b' }, 'm', ['b:m']],
    ['one that lists it before one that takes any', [a, { ...b, ...m }], {}, 'm', ['b:m']],
    [
      'one that lists it before one whose pattern fits, and both are meant',
      [
        { ...a, models: ['*'] },
        { ...b, ...m },
      ],
      {},
      'm',
      ['b:m', 'a:m'],
    ],
    ['one whose pattern fits before one that takes any', [a, { ...b, models: ['m*'] }], {}, 'm1', ['b:m1']],
    [
      'the closest pattern first',
      [
        { ...a, models: ['*'] },
        { ...b, models: ['gpt-4*'] },
        { ...c, models: ['gpt-*'] },
      ],
      {},
      'gpt-4o',
      ['b:gpt-4o', 'c:gpt-4o', 'a:gpt-4o'],
    ],
    [
      'all that list it, by priority',
      [
        { ...a, ...m, priority: 3 },
        { ...b, ...m, priority: 1 },
        { ...c, ...m, priority: 2 },
      ],
      {},
      'm',
      ['b:m', 'c:m', 'a:m'],
    ],
    [
      'all that list it, of equal priority in order',
      [
        { ...a, ...m },
        { ...b, ...m },
      ],
      {},
      'm',
      ['a:m', 'b:m'],
    ],
    [
      'one that does not list it is not asked',
      [
        { ...a, models: ['x'] },
        { ...b, ...m },
      ],
      {},
      'm',
      ['b:m'],
    ],
    [
      'a deployment counts as listed, and priority decides',
      [
        { ...a, ...m },
        {
          name: 'az',
          type: 'azure',
          apiKey: 'k',
          baseUrl: 'https://x.openai.azure.com',
          deployments: { m: 'd' },
          models: ['n'],
          priority: 1,
        },
      ],
      {},
      'm',
      ['az:m', 'a:m'],
    ],
    [
      'nobody lists it: the default provider',
      [
        { ...a, ...m },
        { ...b, models: ['n'] },
      ],
      { defaultProvider: 'b' },
      'x',
      ['b:x'],
    ],
    ['case matters', [a, { ...b, models: ['M'] }], {}, 'm', ['a:m']],
  ]
  test.each(table)('%s', (_what, providers, routing, model, targets) => {
    expect(names(ask(providers, routing, model))).toEqual(targets)
  })
})

describe('provider/model', () => {
  const openrouter = { ...openai, name: 'openrouter' }
  const table: [what: string, providers: Providers, routing: Routing, model: string, targets: string[]][] = [
    ['the prefix is a provider', [a, b], {}, 'b/m', ['b:m']],
    ['also for models it does not list', [a, { ...b, models: ['n'] }], {}, 'b/m', ['b:m']],
    ['only the first slash counts', [a, openrouter], {}, 'openrouter/meta/llama', ['openrouter:meta/llama']],
    [
      'a prefix nobody has is part of the name',
      [a, openrouter],
      { defaultProvider: 'openrouter' },
      'meta/llama',
      ['openrouter:meta/llama'],
    ],
    ['a provider that lists the whole name', [a, { ...openrouter, models: ['a/m'] }], {}, 'a/m', ['openrouter:a/m']],
    ['a leading slash is no prefix', [a], {}, '/m', ['a:/m']],
    ['before the default provider', [a, b], { defaultProvider: 'a' }, 'b/m', ['b:m']],
  ]
  test.each(table)('%s', (_what, providers, routing, model, targets) => {
    expect(names(ask(providers, routing, model))).toEqual(targets)
  })
})

describe('aliases', () => {
  const two = {
    fast: [
      { provider: 'b', model: 'x' },
      { provider: 'a', model: 'y' },
    ],
  }
  test('one target', () => {
    const found = ask([a, b], { modelMappings: { fast: { provider: 'b', model: 'x' } } }, 'fast')
    expect(names(found)).toEqual(['b:x'])
    expect(found.alias).toBe('fast')
  })

  test('several are tried in order', () => {
    expect(names(ask([a, b], { modelMappings: two }, 'fast'))).toEqual(['b:x', 'a:y'])
  })

  test('one provider twice', () => {
    const modelMappings = {
      fast: [
        { provider: 'a', model: 'x' },
        { provider: 'a', model: 'y' },
      ],
    }
    expect(names(ask([a], { modelMappings }, 'fast'))).toEqual(['a:x', 'a:y'])
  })

  test('an alias hides a model of its name', () => {
    expect(names(ask([{ ...a, models: ['fast'] }, b], { modelMappings: two }, 'fast'))).toEqual(['b:x', 'a:y'])
  })

  test('a name that is no alias has none', () => {
    expect(ask([a, b], { modelMappings: two }, 'm').alias).toBeUndefined()
    expect(names(ask([a, b], { modelMappings: two }, 'constructor'))).toEqual(['a:constructor'])
  })

  test('an alias of an alias is asked for by that name', () => {
    const modelMappings = { ...two, faster: { provider: 'a', model: 'fast' } }
    expect(names(ask([a, b], { modelMappings }, 'faster'))).toEqual(['a:fast'])
  })
})

describe('weights', () => {
  const modelMappings = {
    mix: [
      { provider: 'a', model: 'x', weight: 3 },
      { provider: 'b', model: 'y', weight: 1 },
      { provider: 'c', model: 'z' },
    ],
  }
  // Of 5: a has [0, 3), b [3, 4), c without a weight [4, 5).
  test.each([
    [
      [0, 0, 0],
      ['a:x', 'b:y', 'c:z'],
    ],
    [
      [0.599, 0.5, 0],
      ['a:x', 'c:z', 'b:y'],
    ],
    [
      [0.6, 0.7, 0],
      ['b:y', 'a:x', 'c:z'],
    ],
    [
      [0.79, 0.8, 0],
      ['b:y', 'c:z', 'a:x'],
    ],
    [
      [0.8, 0, 0],
      ['c:z', 'a:x', 'b:y'],
    ],
    [
      [0.9999, 0.9999, 0.9999],
      ['c:z', 'b:y', 'a:x'],
    ],
  ])('draws %j -> %j', (draws, targets) => {
    expect(names(ask([a, b, c], { modelMappings }, 'mix', {}, draws))).toEqual(targets)
  })

  test('the first place is drawn by weight', () => {
    const counts: Record<string, number> = {}
    for (let draw = 0; draw < 1000; draw += 1) {
      const first = names(ask([a, b, c], { modelMappings }, 'mix', {}, [draw / 1000, 0, 0]))[0] ?? ''
      counts[first] = (counts[first] ?? 0) + 1
    }
    expect(counts).toEqual({ 'a:x': 600, 'b:y': 200, 'c:z': 200 })
  })

  test('without weights nothing is drawn', () => {
    // `ask` throws at a draw that was not handed in.
    expect(
      names(
        ask(
          [a, b],
          {
            modelMappings: {
              mix: [
                { provider: 'a', model: 'x' },
                { provider: 'b', model: 'y' },
              ],
            },
          },
          'mix',
        ),
      ),
    ).toEqual(['a:x', 'b:y'])
  })
})

describe('a caller that insists on a provider', () => {
  const routing: Routing = {
    modelMappings: {
      fast: [
        { provider: 'a', model: 'x' },
        { provider: 'b', model: 'y' },
      ],
    },
    fallbackChain: ['a', 'b', 'c'],
  }
  const table: [what: string, model: string, provider: string, targets: string[]][] = [
    ['is served by that one alone', 'm', 'b', ['b:m']],
    ['gets its target of an alias', 'fast', 'b', ['b:y']],
    ['gets the alias as a model where it has none', 'fast', 'c', ['c:fast']],
    ['may say it twice', 'b/m', 'b', ['b:m']],
    ['may ask for a name with another prefix', 'a/m', 'b', ['b:a/m']],
  ]
  test.each(table)('%s', (_what, model, provider, targets) => {
    expect(names(ask([{ ...a, ...m }, b, c], routing, model, { provider }))).toEqual(targets)
  })

  test('on one that is not there is told who is', () => {
    const error = refusal(() => ask([a, b], {}, 'm', { provider: 'x' }))
    expect(error).toMatchObject({ status: 400, param: 'x-gateway.provider' })
    expect(error.message).toContain('configured: a, b')
  })
})

describe('fallback chain', () => {
  const table: [what: string, providers: Providers, routing: Routing, model: string, targets: string[]][] = [
    [
      'behind what serves the model',
      [
        { ...a, ...m },
        { ...b, ...m },
        { ...c, ...m },
      ],
      { fallbackChain: ['c'] },
      'm',
      ['a:m', 'b:m', 'c:m'],
    ],
    [
      'nobody twice',
      [
        { ...a, ...m },
        { ...b, ...m },
      ],
      { fallbackChain: ['b', 'a', 'b'] },
      'm',
      ['a:m', 'b:m'],
    ],
    [
      'the same model where the provider takes it by pattern',
      [
        { ...a, ...m },
        { ...b, models: ['n', 'm*'] },
      ],
      { fallbackChain: ['b'] },
      'm1',
      ['b:m1'],
    ],
    [
      'the first it lists where it does not know the model',
      [
        { ...a, ...m },
        { ...b, models: ['x-*', 'x', 'y'] },
      ],
      { fallbackChain: ['b'] },
      'm',
      ['a:m', 'b:x (instead)'],
    ],
    [
      'what the chain maps it to',
      [
        { ...a, ...m },
        { ...b, models: ['x', 'y'] },
      ],
      { fallbackChain: [{ provider: 'b', models: { m: 'y' } }] },
      'm',
      ['a:m', 'b:y (instead)'],
    ],
    [
      'what the provider maps it to',
      [
        { ...a, ...m },
        { ...b, modelMap: { m: 'y' } },
      ],
      { fallbackChain: ['b'] },
      'm',
      ['a:m', 'b:y (instead)'],
    ],
    [
      'the chain before the provider',
      [
        { ...a, ...m },
        { ...b, modelMap: { m: 'y' } },
      ],
      { fallbackChain: [{ provider: 'b', models: { m: 'z' } }] },
      'm',
      ['a:m', 'b:z (instead)'],
    ],
    [
      'the map for all others',
      [
        { ...a, ...m },
        { ...b, modelMap: { '*': 'y', n: 'z' } },
      ],
      { fallbackChain: ['b'] },
      'm',
      ['a:m', 'b:y (instead)'],
    ],
    [
      'a map to the same name is no substitution',
      [
        { ...a, ...m },
        { ...b, modelMap: { m: 'm' } },
      ],
      { fallbackChain: ['b'] },
      'm',
      ['a:m', 'b:m'],
    ],
    [
      'one without a list and without a map cannot be guessed',
      [{ ...a, ...m }, b],
      { fallbackChain: ['b'] },
      'm',
      ['a:m'],
    ],
    [
      'an alias is mapped by its own name',
      [a, { ...b, models: ['x'] }],
      {
        modelMappings: { fast: { provider: 'a', model: 'm' } },
        fallbackChain: [{ provider: 'b', models: { fast: 'f' } }],
      },
      'fast',
      ['a:m', 'b:f (instead)'],
    ],
    [
      'an alias is mapped by what it leads to',
      [a, { ...b, models: ['x'] }],
      {
        modelMappings: { fast: { provider: 'a', model: 'm' } },
        fallbackChain: [{ provider: 'b', models: { m: 'g' } }],
      },
      'fast',
      ['a:m', 'b:g (instead)'],
    ],
    ['behind provider/model too', [a, { ...b, ...m }], { fallbackChain: ['b'] }, 'a/m', ['a:m', 'b:m']],
    [
      'names of every object are no entries of the map',
      [a, { ...b, models: ['x'], modelMap: {} }],
      { fallbackChain: ['b'] },
      'a/toString',
      ['a:toString', 'b:x (instead)'],
    ],
  ]
  test.each(table)('%s', (_what, providers, routing, model, targets) => {
    expect(names(ask(providers, routing, model))).toEqual(targets)
  })

  test('switched off by the call: the first target and no other', () => {
    const providers = [
      { ...a, ...m },
      { ...b, ...m },
      { ...c, ...m },
    ]
    expect(names(ask(providers, { fallbackChain: ['c'] }, 'm', { fallback: false }))).toEqual(['a:m'])
  })
})

describe('dialects', () => {
  const anthropic = { name: 'anthropic', apiKey: 'k' }
  test('pass-through where the provider speaks the client’s', () => {
    const [first] = ask([a], {}, 'm').targets
    expect(first).toMatchObject({
      passThrough: true,
      dialect: { id: 'openai-chat' },
      endpoint: { dialect: 'openai-chat' },
    })
  })

  test('translation where it does not', () => {
    const [first] = ask([anthropic], {}, 'claude').targets
    expect(first).toMatchObject({ passThrough: false, dialect: { id: 'anthropic-messages' } })
  })

  test('chat is never asked for at an endpoint of legacy completions', () => {
    for (const { dialect: spoken } of ask([a], {}, 'm', { dialect: 'openai-completions' }).targets) {
      expect(spoken.id).toBe('openai-completions')
    }
  })

  test('embeddings at a provider that has none: a 400 that says who', () => {
    const error = refusal(() => ask([anthropic], {}, 'claude', { dialect: 'openai-embeddings' }))
    expect(error).toMatchObject({ code: 'unsupported_operation', status: 400, param: 'model' })
    expect(error.message).toMatch(/^anthropic cannot serve "claude" at this endpoint/)
  })

  test('a provider without an address says what is missing', () => {
    const error = refusal(() => ask([{ name: 'v', type: 'openai-compatible' }], {}, 'm'))
    expect(error).toMatchObject({ code: 'no_provider', status: 503 })
    expect(error.message).toMatch(/^Provider "v" cannot be asked for "m": no address: set providers\[0\]\.baseUrl/)
  })

  test('a fallback that has none is left out', () => {
    const providers = [
      { ...a, ...m },
      { ...anthropic, ...m },
    ]
    expect(names(ask(providers, {}, 'm', { dialect: 'openai-embeddings' }))).toEqual(['a:m'])
  })
})

describe('a model nobody serves', () => {
  const providers = [{ ...a, models: ['gpt-4o', 'gpt-4*'] }]
  test.each([
    ['gpt-4o'.toUpperCase(), /did you mean "gpt-4o"\?/],
    ['gtp-4o', /did you mean "gpt-4o"\?/],
    ['fats', /did you mean "fast"\?/],
    ['something-else-entirely', /GET \/v1\/models lists what there is/],
  ])('%s', (model, message) => {
    const error = refusal(() => ask(providers, { modelMappings: { fast: { provider: 'a', model: 'gpt-4o' } } }, model))
    expect(error).toMatchObject({ code: 'model_not_found', status: 404, param: 'model' })
    expect(error.message).toMatch(message)
  })
})

describe('which of its dialects a provider is asked in', () => {
  const claude = { dialect: 'anthropic-messages' } as const
  const proxy = { ...a, baseUrl: 'http://h/v1' }

  test.each<[string, Providers, Question, string]>([
    ['chat stays chat', [a], {}, 'openai-chat, handed through'],
    ['Responses stay Responses', [a], { dialect: 'openai-responses' }, 'openai-responses, handed through'],
    ['Messages become Responses at OpenAI itself', [a], claude, 'openai-responses, translated'],
    ['and chat at a proxy of it', [proxy], claude, 'openai-chat, translated'],
    ['unless it is named', [{ ...proxy, dialects: ['openai-responses'] }], claude, 'openai-responses, translated'],
    ['Responses become chat at a proxy', [proxy], { dialect: 'openai-responses' }, 'openai-chat, translated'],
    [
      'Messages stay Messages where they are spoken',
      [{ name: 'a', type: 'deepseek', apiKey: 'k' }],
      claude,
      'anthropic-messages, handed through',
    ],
  ])('%s', (_name, providers, question, expected) => {
    const [target] = ask(providers, undefined, 'm', question).targets
    expect(`${target?.dialect.id}, ${target?.passThrough === true ? 'handed through' : 'translated'}`).toBe(expected)
    expect(target?.endpoint.dialect).toBe(target?.dialect.id)
  })
})
