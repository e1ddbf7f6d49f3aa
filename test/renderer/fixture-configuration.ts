import type {
  Alias,
  CatalogEntry,
  DesktopSettings,
  KeyState,
  Limits,
  Model,
  Provider,
  Settings,
  WireFormat,
} from '../../gateway/contract.ts'
import { wireFormat } from '../../gateway/contract.ts'
import { fixtureToday } from './fixture-usage.ts'
import { fixtureSemantic } from './fixture-semantic.ts'
import type { FixtureAnswers, FixtureMood } from './fixture-client.ts'

function keyOf(reference: string, endsWith: string): KeyState {
  return { state: 'set', from: 'keychain', reference, endsWith }
}

const noKey: KeyState = { state: 'none', from: null, reference: null, endsWith: null }

/** OpenAI's servers speak both of its formats. */
function formatsOf(dialect: string): WireFormat[] {
  const known = wireFormat.parse(dialect)
  return known === 'openai-responses' ? ['openai-chat', 'openai-responses'] : [known]
}

function providerOf(name: string, title: string, dialect: string, more: Partial<Provider>): Provider {
  return {
    name,
    type: name,
    title,
    dialect,
    dialects: null,
    speaks: formatsOf(dialect),
    baseUrl: `https://api.${name}.com`,
    hasOwnBaseUrl: false,
    models: null,
    apiVersion: null,
    deployments: {},
    headers: [],
    modelMap: {},
    priority: 1,
    timeoutMs: 60_000,
    connectTimeoutMs: 10_000,
    firstTokenTimeoutMs: null,
    idleTimeoutMs: 60_000,
    maxRetries: 2,
    key: noKey,
    state: 'healthy',
    problem: null,
    attempts: 800,
    failures: 3,
    latencyMs: 640,
    lastSuccessAt: null,
    lastFailure: null,
    openCircuits: [],
    aliases: [],
    ...more,
  }
}

function providersAt(now: number): Provider[] {
  return [
    providerOf('anthropic', 'Anthropic', 'anthropic-messages', {
      key: keyOf('ANTHROPIC_API_KEY', 'x7Qa'),
      lastSuccessAt: now - 4_000,
      aliases: ['smart'],
    }),
    providerOf('openai', 'OpenAI', 'openai-responses', {
      priority: 2,
      key: keyOf('OPENAI_API_KEY', 'k29Z'),
      lastSuccessAt: now - 65_000,
      aliases: ['smart', 'fast'],
      attempts: 401,
      failures: 2,
      latencyMs: 520,
    }),
    providerOf('gemini', 'Google Gemini', 'gemini', {
      priority: 3,
      baseUrl: 'https://generativelanguage.googleapis.com',
      key: { ...keyOf('GEMINI_API_KEY', '4fGw'), from: 'environment' },
      lastSuccessAt: now - 480_000,
      attempts: 140,
      failures: 0,
      latencyMs: 710,
    }),
    providerOf('groq', 'Groq', 'openai-chat', {
      priority: 4,
      baseUrl: 'https://api.groq.com/openai/v1',
      key: keyOf('GROQ_API_KEY', 'p0Lm'),
      state: 'degraded',
      problem: 'Refused 9 of the last 30 attempts with status 429: "Rate limit reached for model llama-5-70b".',
      lastSuccessAt: now - 90_000,
      lastFailure: { at: now - 30_000, status: 429, code: 'rate_limit_exceeded' },
      openCircuits: [{ model: 'llama-5-70b', retryInMs: 24_000 }],
      attempts: 90,
      failures: 11,
      latencyMs: 210,
      aliases: ['fast'],
    }),
    providerOf('mistral', 'Mistral', 'openai-chat', {
      priority: 5,
      key: { state: 'missing', from: null, reference: 'MISTRAL_API_KEY', endsWith: null },
      state: 'misconfigured',
      problem: 'MISTRAL_API_KEY is referred to, but it is neither in the environment nor in the keychain.',
      attempts: 0,
      failures: 0,
      latencyMs: null,
    }),
    providerOf('azure', 'Azure OpenAI', 'openai-chat', {
      priority: 6,
      baseUrl: 'https://contoso.openai.azure.com',
      hasOwnBaseUrl: true,
      key: keyOf('AZURE_OPENAI_API_KEY', 'u5Tc'),
      dialects: ['openai-responses', 'openai-chat'],
      speaks: ['openai-responses', 'openai-chat'],
      apiVersion: '2024-10-21',
      deployments: { 'gpt-6-sol': 'contoso-large', 'gpt-6-mini': 'contoso-small' },
      headers: [
        { name: 'x-team', state: 'set', reference: null },
        { name: 'ocp-apim-subscription-key', state: 'set', reference: 'AZURE_GATE_KEY' },
      ],
      modelMap: { '*': 'gpt-6-mini' },
      lastSuccessAt: now - 1_200_000,
      attempts: 61,
      failures: 0,
      latencyMs: 580,
    }),
    providerOf('ollama', 'Ollama', 'openai-chat', {
      priority: 7,
      baseUrl: 'http://127.0.0.1:11434/v1',
      state: 'unknown',
      attempts: 0,
      failures: 0,
      latencyMs: null,
    }),
  ]
}

const catalog: readonly (readonly [id: string, title: string, dialect: string, keyPage: string | null])[] = [
  ['anthropic', 'Anthropic', 'anthropic-messages', 'https://console.anthropic.com/settings/keys'],
  ['openai', 'OpenAI', 'openai-responses', 'https://platform.openai.com/api-keys'],
  ['gemini', 'Google Gemini', 'gemini', 'https://aistudio.google.com/apikey'],
  ['azure', 'Azure OpenAI', 'openai-chat', 'https://portal.azure.com'],
  ['cerebras', 'Cerebras', 'openai-chat', 'https://cloud.cerebras.ai'],
  ['cohere', 'Cohere', 'openai-chat', 'https://dashboard.cohere.com/api-keys'],
  ['deepseek', 'DeepSeek', 'openai-chat', 'https://platform.deepseek.com/api_keys'],
  ['fireworks', 'Fireworks', 'openai-chat', 'https://fireworks.ai/account/api-keys'],
  ['groq', 'Groq', 'openai-chat', 'https://console.groq.com/keys'],
  ['lmstudio', 'LM Studio', 'openai-chat', null],
  ['mistral', 'Mistral', 'openai-chat', 'https://console.mistral.ai/api-keys'],
  ['ollama', 'Ollama', 'openai-chat', null],
  ['openrouter', 'OpenRouter', 'openai-chat', 'https://openrouter.ai/keys'],
  ['together', 'Together', 'openai-chat', 'https://api.together.ai/settings/api-keys'],
  ['xai', 'xAI', 'openai-chat', 'https://console.x.ai'],
  ['openai-compatible', 'Any OpenAI-compatible server', 'openai-chat', null],
]

const entries: CatalogEntry[] = catalog.map(([id, title, dialect, keyPage]) => {
  const isLocal = id === 'ollama' || id === 'lmstudio'
  const needsBaseUrl = id === 'azure' || id === 'openai-compatible'
  return {
    id,
    title,
    dialect,
    dialects: needsBaseUrl ? ['openai-chat', 'openai-responses'] : formatsOf(dialect),
    baseUrl: needsBaseUrl ? null : isLocal ? 'http://127.0.0.1:11434/v1' : `https://api.${id}.com/v1`,
    isLocal,
    needsKey: !isLocal && id !== 'openai-compatible',
    keyName: isLocal ? null : `${id.toUpperCase().replaceAll('-', '_')}_API_KEY`,
    keyPage,
    needsBaseUrl,
    hasDeployments: id === 'azure',
  }
})

function modelOf(
  provider: string,
  id: string,
  prices: readonly [number, number] | null,
  contextWindow: number | null,
): Model {
  const price =
    prices === null
      ? null
      : { input: prices[0], output: prices[1], cacheRead: prices[0] / 10, cacheWrite: prices[0] * 1.25 }
  return {
    id,
    provider,
    price,
    contextWindow,
    maxOutput: contextWindow === null ? null : 64_000,
    capabilities: ['tools', 'images', 'thinking'],
  }
}

const models: Model[] = [
  modelOf('anthropic', 'claude-opus-5', [5, 25], 400_000),
  modelOf('anthropic', 'claude-sonnet-5', [3, 15], 1_000_000),
  modelOf('anthropic', 'claude-haiku-5', [1, 5], 200_000),
  modelOf('openai', 'gpt-6-sol', [2.5, 12], 400_000),
  modelOf('openai', 'gpt-6-mini', [0.36, 1.6], 400_000),
  modelOf('openai', 'text-embedding-4-small', [0.02, 0], 8_191),
  modelOf('gemini', 'gemini-3-pro', [2, 12], 1_048_576),
  modelOf('groq', 'llama-5-70b', [0.6, 0.8], 131_072),
  modelOf('ollama', 'qwen3-coder:30b', null, null),
]

const aliases: Alias[] = [
  {
    name: 'smart',
    targets: [
      { provider: 'anthropic', model: 'claude-sonnet-5' },
      { provider: 'openai', model: 'gpt-6-sol' },
    ],
    warnings: [],
  },
  {
    name: 'fast',
    targets: [
      { provider: 'openai', model: 'gpt-6-mini', weight: 3 },
      { provider: 'groq', model: 'llama-5-70b', weight: 1 },
    ],
    warnings: [],
  },
  {
    name: 'gpt-6-mini',
    targets: [{ provider: 'ollama', model: 'qwen3-coder:30b' }],
    warnings: ['The alias has the name of a real model of openai: calls for that model go to ollama now.'],
  },
]

const limits: Limits = {
  enabled: true,
  global: { requests: 600, windowMs: 60_000 },
  perKey: { requests: 120, tokens: 2_000_000, windowMs: 60_000 },
  perModel: { 'claude-opus-5': { requests: 20, windowMs: 60_000 } },
}

const settings: Settings = {
  host: '127.0.0.1',
  port: 8080,
  corsEnabled: false,
  corsOrigins: [],
  anonymous: true,
  retentionDays: 90,
  capture: 'off',
  logLevel: 'info',
  logFormat: 'json',
  proxy: null,
  metricsEnabled: true,
}

const desktop: DesktopSettings = {
  theme: 'system',
  startAtLogin: true,
  startHidden: true,
  closeToTray: true,
  closedWindow: 'free-later',
  checkForUpdates: true,
}

const yaml = `# LLM Gateway. Secrets are references: set them in the environment before starting.
server:
  port: 8080
  host: 127.0.0.1

providers:
  - name: anthropic
    apiKey: \${ANTHROPIC_API_KEY}
    priority: 1
  - name: openai
    apiKey: \${OPENAI_API_KEY}
    priority: 2

routing:
  modelMappings:
    smart:
      - { provider: anthropic, model: claude-sonnet-5 }
      - { provider: openai, model: gpt-6-sol }
`

export function fixtureConfiguration(mood: FixtureMood, now: number): FixtureAnswers {
  const isEmpty = mood === 'empty'
  const today = fixtureToday(now)
  const changed = () => ({ undo: 'undo-1' })
  const status = () => ({
    version: '0.1.0',
    shell: 'desktop' as const,
    state: mood === 'error' ? ('degraded' as const) : ('running' as const),
    reasons: mood === 'error' ? ['The ledger cannot be read.'] : [],
    url: 'http://127.0.0.1:8080',
    host: '127.0.0.1',
    port: 8080,
    startedAt: now - 5 * 3_600_000,
    now,
    configHome: 'app' as const,
    configFile: null,
    dataFolder: '~/.config/llm-gateway',
    usesDemo: isEmpty,
    todayCostNanoUsd: isEmpty ? 0 : today.costNanoUsd,
    todayRequests: isEmpty ? 0 : today.requests,
    hasCalls: !isEmpty,
    inFlight: isEmpty ? 0 : 2,
    notices: [],
    exposure: 'none' as const,
    secretStore: { kind: 'keychain' as const, problem: null, fileIsPossible: true },
    platform: 'linux',
  })
  return {
    'status.get': status,
    'status.pause': ({ paused }) => ({ ...status(), state: paused ? ('stopped' as const) : ('running' as const) }),
    'providers.catalog': () => ({ entries }),
    'providers.list': () => ({ providers: isEmpty ? [] : providersAt(now) }),
    'providers.save': changed,
    'providers.remove': changed,
    'providers.order': changed,
    'providers.check': ({ provider }) => ({
      ok: true,
      problem: null,
      latencyMs: 312,
      models: models.filter((model) => model.provider === provider.name).map(({ id }) => id),
    }),
    'keys.set': ({ provider }) => ({ key: keyOf(`${provider.toUpperCase()}_API_KEY`, 'n3w9') }),
    'keys.remove': changed,
    'models.list': () => ({ models: isEmpty ? [] : models }),
    'models.explain': ({ model }) => ({
      model,
      reason: aliases.some(({ name }) => name === model) ? 'alias' : 'listed by a provider',
      problem: null,
      targets: [
        {
          provider: 'anthropic',
          model: 'claude-sonnet-5',
          dialect: 'anthropic-messages',
          price: models[1]?.price ?? null,
          share: null,
          isFallback: false,
          problem: null,
        },
        {
          provider: 'openai',
          model: 'gpt-6-sol',
          dialect: 'openai-responses',
          price: models[3]?.price ?? null,
          share: null,
          isFallback: false,
          problem: null,
        },
        {
          provider: 'groq',
          model: 'llama-5-70b',
          dialect: 'openai-chat',
          price: models[7]?.price ?? null,
          share: null,
          isFallback: true,
          problem: 'Its circuit is open; it is tried again in 24 s.',
        },
      ],
    }),
    'aliases.list': () => ({
      aliases: isEmpty ? [] : aliases,
      fallbackChain: isEmpty ? [] : [{ provider: 'anthropic' }, { provider: 'openai' }, { provider: 'groq' }],
      defaultProvider: isEmpty ? null : 'anthropic',
    }),
    'aliases.check': ({ targets }) => ({
      warnings: targets
        .filter(({ provider }) => provider === 'ollama')
        .map(({ model }) => `${model} has no price: calls to it are not counted.`),
    }),
    'aliases.save': changed,
    'aliases.remove': changed,
    'aliases.fallback': changed,
    'cache.get': () => ({
      enabled: true,
      ttlMs: 3_600_000,
      maxBytes: 512_000_000,
      bytes: isEmpty ? 0 : 84_300_000,
      entries: isEmpty ? 0 : 1_893,
      hits: isEmpty ? { today: 0, month: 0, ever: 0 } : { today: 214, month: 5_120, ever: 18_002 },
      misses: isEmpty ? { today: 0, month: 0, ever: 0 } : { today: 760, month: 21_340, ever: 70_114 },
      semantic: isEmpty ? null : fixtureSemantic(now),
      savedNanoUsd: isEmpty
        ? { today: 0, month: 0, ever: 0 }
        : { today: 921_400_000, month: 14_310_000_000, ever: 52_018_000_000 },
      top: isEmpty
        ? []
        : models.slice(0, 7).map((model, index) => ({
            key: `${(0x9f3c_a17e - index * 7_919).toString(16)}…`,
            model: model.id,
            bytes: 4_100 + index * 3_777,
            hits: 96 - index * 12,
            storedAt: now - 900_000 - index * 200_000,
            expiresAt: now + 2_700_000 - index * 200_000,
            savedNanoUsd: index === 6 ? null : 380_000_000 - index * 41_000_000,
          })),
      models: isEmpty
        ? []
        : models
            .slice(0, 7)
            .map(({ id }, index) => ({ model: id, entries: 700 - index * 90, bytes: 31_000_000 - index * 4_000_000 })),
    }),
    'cache.configure': changed,
    'cache.semantic': changed,
    'cache.compare': () => ({
      similarity: 0.981,
      guard: 'other names: Australia, Austria',
      wouldHit: false,
      problem: null,
    }),
    'cache.clear': () => ({ cleared: 1_893 }),
    'limits.get': () => (isEmpty ? { enabled: false, global: null, perKey: null, perModel: {} } : limits),
    'limits.save': changed,
    'settings.get': () => ({ settings, restart: ['host', 'port', 'proxy'], waiting: [] }),
    'settings.save': () => ({ undo: 'undo-1', restart: [] }),
    'config.export': () => ({ yaml }),
    'config.preview': () => ({
      changes: [
        { path: 'server.port', before: '8080', after: '9090' },
        { path: 'providers.groq', before: null, after: 'apiKey: ${GROQ_API_KEY}\npriority: 3' },
        { path: 'cache.ttl', before: '1h', after: '30m' },
      ],
      problems: [],
      missingKeys: ['GROQ_API_KEY'],
    }),
    'config.import': changed,
    'config.undo': () => ({}),
    'diagnostics.run': () => ({
      checks: [
        { name: 'Port', outcome: 'ok' as const, detail: 'Listens at 127.0.0.1:8080.', remedy: null, durationMs: 2 },
        {
          name: 'Keychain',
          outcome: 'ok' as const,
          detail: 'A test entry was written, read and removed.',
          remedy: null,
          durationMs: 31,
        },
        {
          name: 'Provider anthropic',
          outcome: 'ok' as const,
          detail: 'Answered with 9 models in 312 ms.',
          remedy: null,
          durationMs: 312,
        },
        {
          name: 'Provider mistral',
          outcome: 'failed' as const,
          detail: 'MISTRAL_API_KEY is referred to, but nowhere to be found.',
          remedy: 'Add the key on the Providers page, or set the environment variable and restart.',
          durationMs: 1,
        },
        {
          name: 'Disk',
          outcome: 'warning' as const,
          detail: '1.2 GB are free where the ledger is kept.',
          remedy: 'Free some space or keep calls for fewer days.',
          durationMs: 4,
        },
        {
          name: 'Clock',
          outcome: 'ok' as const,
          detail: 'Within 1 s of what the providers say.',
          remedy: null,
          durationMs: 0,
        },
        { name: 'Proxy', outcome: 'skipped' as const, detail: 'No proxy is configured.', remedy: null, durationMs: 0 },
      ],
      report: 'LLM Gateway 0.1.0, linux\nPort: ok\nKeychain: ok\n',
    }),
    'playground.send': () => ({}),
    'playground.stop': () => ({}),
    'desktop.get': () => desktop,
    'desktop.save': (edit) => ({ ...desktop, ...(edit as Partial<DesktopSettings>) }),
    'desktop.update': () => ({ state: 'none', version: '0.1.0', progress: null, reason: null }),
    'desktop.usePort': ({ port }) => ({ ...status(), port, url: `http://127.0.0.1:${port}` }),
  }
}
