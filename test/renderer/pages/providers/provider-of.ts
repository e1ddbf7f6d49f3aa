import type { Provider } from '../../../../gateway/contract.ts'

/** A provider for tests: all is well. */
export function providerOf(more: Partial<Provider> = {}): Provider {
  return {
    name: 'openai',
    type: 'openai',
    title: 'OpenAI',
    dialect: 'openai-chat',
    dialects: null,
    speaks: ['openai-chat', 'openai-responses'],
    baseUrl: 'https://api.openai.com/v1',
    hasOwnBaseUrl: false,
    models: null,
    apiVersion: null,
    deployments: {},
    headers: [],
    modelMap: {},
    priority: 10,
    timeoutMs: 60_000,
    connectTimeoutMs: 10_000,
    firstTokenTimeoutMs: null,
    idleTimeoutMs: 30_000,
    maxRetries: 2,
    key: { state: 'set', from: 'keychain', reference: 'OPENAI_API_KEY', endsWith: 'abcd' },
    state: 'healthy',
    problem: null,
    attempts: 0,
    failures: 0,
    latencyMs: null,
    lastSuccessAt: null,
    lastFailure: null,
    openCircuits: [],
    aliases: [],
    ...more,
  }
}
