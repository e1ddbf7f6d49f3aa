import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../gateway/chat/json.ts'
import type { DialectId } from '../../../gateway/dialects/dialect.ts'
import type { ProviderConfig } from '../../../gateway/config/schema.ts'
import { nativeEndpoint, possibleDialects } from '../../../gateway/providers/choose-endpoints.ts'
import { modelsRequest } from '../../../gateway/providers/endpoints.ts'
import { providerRows, requestPath, resolveProvider } from '../../../gateway/providers/provider.ts'
import { applyQuirks } from '../../../gateway/providers/quirks.ts'
import type { Provider, ProviderRow, Quirk } from '../../../gateway/providers/types.ts'
import { providerConfig } from './config.ts'

/** Adding one more provider = one row in providers.json + one fixture here, named for its id. */
interface Fixture {
  config?: { baseUrl?: string; apiVersion?: string; deployments?: Record<string, string> }
  model: string
  /** Every endpoint's whole URL for a call of `model` that does not stream. */
  calls: Partial<Record<DialectId, string>>
  /** With the API key `K`. */
  headers: Record<string, string>
  /** Where an endpoint's headers differ. */
  endpointHeaders?: Partial<Record<DialectId, Record<string, string>>>
  /** Where models are listed; absent: no vendor page says so. */
  models?: string
  /** What the quirks make of a request. */
  body?: { sent: JsonObject; received: JsonObject; dropped?: string[] }
}

const folder = join(process.cwd(), 'test/fixtures/providers')

function fixture(id: string): Fixture {
  return JSON.parse(readFileSync(join(folder, `${id}.json`), 'utf8')) as Fixture
}

const dialectPaths: Partial<Record<DialectId, (model: string) => string>> = {
  'openai-chat': () => '/chat/completions',
  'openai-responses': () => '/responses',
  'openai-completions': () => '/completions',
  'openai-embeddings': () => '/embeddings',
  'anthropic-messages': () => '/v1/messages',
  gemini: (model) => `/models/${model}:generateContent`,
}

const verbMembers: Record<Quirk['verb'], string[]> = {
  rename: ['member', 'to'],
  drop: ['member'],
  default: ['member', 'value'],
  clamp: ['member', 'min', 'max'],
  'drop-in-messages': ['member', 'role'],
  'rename-in-messages': ['member', 'to', 'role'],
  'developer-to-system': [],
  'tool-ids': ['length'],
  'no-stream-options': [],
}

function configured(id: string, dialects?: ProviderConfig['dialects']): Provider {
  return resolveProvider(providerConfig({ name: id, apiKey: 'K', ...fixture(id).config, dialects }), 0)
}

/** Every dialect of the row named: so that all of its endpoints are there, the optional ones too. */
function configuredWhole(row: ProviderRow): Provider {
  return configured(row.id, possibleDialects(row) as ProviderConfig['dialects'])
}

const rows: [string, ProviderRow][] = providerRows.map((row) => [row.id, row])

test('the rows are these, and each has its fixture', () => {
  const ids = providerRows.map((row) => row.id)
  const wanted =
    'openai anthropic google azure mistral groq deepseek xai openrouter together fireworks cerebras perplexity cohere ' +
    'moonshot zai alibaba nvidia huggingface github ollama lmstudio vllm llamacpp demo openai-compatible'
  expect(ids).toEqual(wanted.split(' '))
  expect(readdirSync(folder).sort()).toEqual(ids.map((id) => `${id}.json`).sort())
})

test('ids and aliases are unique and in lower case', () => {
  const names = providerRows.flatMap((row) => [row.id, ...(row.aliases ?? [])])
  expect(new Set(names).size).toBe(names.length)
  for (const name of names) expect(name).toMatch(/^[a-z0-9][a-z0-9.-]*$/)
})

describe.each(rows)('row %s', (_id, row) => {
  test('is well formed', () => {
    const known =
      'id aliases name endpoints forwards baseUrlEndings baseUrlExample auth keyEnv keyOptional headers quirks genAiName priceId free modelsPath keyPage docs translateTo forwards'
    expect(known.split(' ')).toEqual(expect.arrayContaining(Object.keys(row)))
    expect(row.name).not.toBe('')
    expect(new URL(row.docs).protocol).toBe('https:')
    const needsKey = row.auth.scheme !== 'none' && row.keyOptional !== true
    expect(row.keyPage === undefined ? undefined : new URL(row.keyPage).protocol).toBe(needsKey ? 'https:' : undefined)
    expect(row.endpoints.length).toBeGreaterThan(0)
    if (row.auth.scheme !== 'none') expect(row.keyEnv ?? row.baseUrlExample).toBeDefined()
    if (row.auth.scheme === 'header') expect(row.auth.header).toMatch(/^[a-z-]+$/)
  })

  test('has endpoints of different dialects at addresses without a trailing slash', () => {
    expect(new Set(row.endpoints.map(({ dialect }) => dialect)).size).toBe(row.endpoints.length)
    for (const { baseUrl, path, versionedPath, docs } of row.endpoints) {
      if (docs !== undefined) expect(new URL(docs).protocol).toBe('https:')
      if (baseUrl !== undefined) expect(baseUrl).toMatch(/^(https?|demo):\/\/.*[^/]$/)
      for (const template of [path, versionedPath]) if (template !== undefined) expect(template).toMatch(/^\//)
    }
  })

  test('begins with an endpoint that is always there, and translates to one of its own', () => {
    expect(row.endpoints[0]?.when).toBeUndefined()
    for (const endpoint of row.endpoints)
      expect('dialect baseUrl path versionedPath auth when baseUrlEndings lacks docs'.split(' ')).toEqual(
        expect.arrayContaining(Object.keys(endpoint)),
      )
    if (row.translateTo !== undefined) expect(possibleDialects(row)).toContain(row.translateTo)
  })

  test('has quirks of known verbs, each with its reason, none touching a member twice', () => {
    for (const { verb, why, ...rest } of row.quirks ?? []) {
      expect(verbMembers[verb]).toEqual(expect.arrayContaining(Object.keys(rest)))
      expect(why.length).toBeGreaterThan(20)
    }
    const touched = (row.quirks ?? []).map((quirk) => ('member' in quirk ? quirk.member : quirk.verb))
    expect(new Set(touched).size).toBe(touched.length)
  })
})

describe.each(rows)('fixture %s', (id, row) => {
  const { model, calls, headers, endpointHeaders, body } = fixture(id)
  const provider = configuredWhole(row)

  test('calls go where the vendor expects them, with its headers', () => {
    expect(provider.problem).toBeUndefined()
    const urls = row.endpoints.map(({ dialect }) => {
      const endpoint = nativeEndpoint(provider, dialect)
      if (endpoint === undefined) throw new Error(`no endpoint for ${dialect}`)
      expect(endpoint.headers).toEqual(endpointHeaders?.[dialect] ?? headers)
      const dialectPath = dialectPaths[dialect]?.(model) ?? ''
      return [dialect, endpoint.origin + requestPath(provider, endpoint, { model, dialectPath })]
    })
    expect(Object.fromEntries(urls)).toEqual(calls)
  })

  test('what is optional is there only where it is named', () => {
    const dialects = configured(id).endpoints.map(({ dialect }) => dialect)
    expect(dialects).toEqual(row.endpoints.filter(({ when }) => when !== 'named').map(({ dialect }) => dialect))
  })

  test('a body arrives as the vendor takes it', () => {
    if (row.quirks === undefined) return expect(body).toBeUndefined()
    if (body === undefined) throw new Error('a row with quirks needs a body in its fixture')
    const before = structuredClone(body.sent)
    const result = applyQuirks(body.sent, row.quirks)
    expect(result.body).toEqual(body.received)
    expect(result.dropped).toEqual(body.dropped ?? [])
    expect(result.changed).toBe(true)
    expect(body.sent).toEqual(before)
    return undefined
  })
})

/** Only those of which a vendor page says where. */
const lists = rows.map(([id]) => [id, fixture(id).models] as const).filter(([, models]) => models !== undefined)

test.each(lists)('%s lists its models where the vendor says', (id, models) => {
  const request = modelsRequest(configured(id))
  expect(`${request?.origin}${request?.path}`).toBe(models)
  expect(request?.headers).toEqual(fixture(id).headers)
})
