import { status } from '../helpers/upstream-faults.ts'
import { text } from '../helpers/upstream-plays.ts'
import { startUpstream, type Upstream } from '../helpers/upstream.ts'

/** Every page by its name in file names, with a text that is there once its content is. */
export const pages = [
  { name: 'overview', path: '/', content: 'section[aria-label^="Figures"] .text-figure > :not([aria-hidden])' },
  { name: 'traffic', path: '/traffic', content: '[role="grid"] [role="row"][data-index]' },
  { name: 'providers', path: '/providers', content: 'ol[aria-label^="Providers"] li, ul[aria-label^="Providers"] li' },
  { name: 'models', path: '/models', content: '[role="tabpanel"] button' },
  { name: 'cache', path: '/cache', content: 'main [role="switch"]' },
  { name: 'limits', path: '/limits', content: 'main [role="switch"]' },
  { name: 'keys', path: '/keys', content: 'main table' },
  { name: 'budgets', path: '/budgets', content: 'main fieldset input' },
  { name: 'connect', path: '/connect', content: 'main li button' },
  { name: 'playground', path: '/playground', content: 'main textarea' },
  { name: 'settings', path: '/settings', content: 'main section input' },
  { name: 'transfer', path: '/transfer', content: 'main pre' },
  { name: 'diagnostics', path: '/diagnostics', content: 'main ol > li' },
] as const

/** The providers and aliases that the seeded calls speak of, all on this machine; one of them refuses. */
export interface PagesWorld {
  config: object
  env: Record<string, string>
  upstreams: Upstream[]
  close(): Promise<void>
}

const served: [name: string, type: string, models: string[]][] = [
  ['anthropic', 'anthropic', ['claude-sonnet-4-5', 'claude-haiku-4-5', 'claude-opus-4-5']],
  ['openai', 'openai', ['gpt-5', 'gpt-5-mini', 'gpt-4o']],
  ['gemini', 'google', ['gemini-2.5-flash', 'gemini-2.5-pro']],
  ['deepseek', 'deepseek', ['deepseek-chat']],
  ['lab', 'openai-compatible', ['our-finetune']],
]

export async function startPagesWorld(): Promise<PagesWorld> {
  const upstream = await startUpstream()
  const refusing = await startUpstream()
  upstream.on(/./, text('Hello from the mock.', { usage: { input: 1000, output: 500 } }))
  refusing.on(/./, status(402, { message: 'Insufficient Balance' }))
  const roots: Record<string, string> = { anthropic: '', google: '/v1beta' }
  const providers = served.map(([name, type, models]) => ({
    name,
    type,
    apiKey: `\${${name.toUpperCase()}_API_KEY}`,
    baseUrl: `${(name === 'deepseek' ? refusing : upstream).url}${roots[type] ?? '/v1'}`,
    models,
    maxRetries: 0,
  }))
  const env = served.map(([name], index) => [`${name.toUpperCase()}_API_KEY`, `sk-${name}-secret-000${index}`])
  return {
    config: { providers, ...rest },
    env: Object.fromEntries(env) as Record<string, string>,
    upstreams: [upstream, refusing],
    close: async () => void (await Promise.all([upstream.close(), refusing.close()])),
  }
}

const rest = {
  routing: {
    modelMappings: {
      smart: [
        { provider: 'anthropic', model: 'claude-sonnet-4-5' },
        { provider: 'openai', model: 'gpt-5' },
      ],
      fast: [
        { provider: 'deepseek', model: 'deepseek-chat' },
        { provider: 'gemini', model: 'gemini-2.5-flash' },
      ],
      cheap: [
        { provider: 'openai', model: 'gpt-5-mini', weight: 3 },
        { provider: 'gemini', model: 'gemini-2.5-flash', weight: 1 },
      ],
    },
    fallbackChain: [{ provider: 'openai', models: { 'deepseek-chat': 'gpt-5-mini' } }],
  },
  cache: { enabled: true, ttl: '1h' },
  rateLimit: {
    enabled: true,
    global: { requests: 600, window: '1m' },
    perKey: { requests: 120, tokens: 2_000_000, window: '1m' },
    perModel: { 'gpt-5': { requests: 60, window: '1m' } },
  },
}

/** Some calls of now, so that live pages, the cache and the health of providers have something to show. */
export async function makeCalls(url: string): Promise<void> {
  for (const model of ['gpt-5', 'gpt-5', 'smart', 'fast', 'fast', 'cheap', 'our-finetune', 'claude-haiku-4-5']) {
    const body = JSON.stringify({ model, messages: [{ role: 'user', content: `Hello, ${model}` }] })
    await (await fetch(`${url}/v1/chat/completions`, { method: 'POST', body })).text()
  }
}
