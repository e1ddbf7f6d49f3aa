import OpenAI from 'openai'
import { type GatewayProcess, startGatewayProcess } from './gateway.ts'
import { ReplyRecorder } from './reply-recorder.ts'
import { startUpstream, type Upstream } from './upstream.ts'

/** `azure` speaks the classic deployment path, `azure-v1` the versionless one. */
export const providerNames = ['openai', 'anthropic', 'google', 'azure', 'azure-v1'] as const
export type ProviderName = (typeof providerNames)[number]

/** Which native dialect a provider is spoken to in. */
export const family = {
  openai: 'openai',
  azure: 'openai',
  'azure-v1': 'openai',
  anthropic: 'anthropic',
  google: 'gemini',
} as const satisfies Record<ProviderName, string>
export type Family = (typeof family)[ProviderName]

export const models: Record<ProviderName, string> = {
  openai: 'gpt-4o',
  anthropic: 'claude-sonnet-4-5',
  google: 'gemini-2.5-flash',
  azure: 'gpt-4o',
  'azure-v1': 'gpt-4o',
}

/** The gateway in its own process before scripted providers, and the official SDK before the gateway. */
export interface FourProviders {
  gateway: GatewayProcess
  upstreams: Record<ProviderName, Upstream>
  /** Does not retry by itself. */
  client: OpenAI
  recorder: ReplyRecorder
  reset(): void
  close(): Promise<void>
}

export async function startFourProviders(more: object = {}): Promise<FourProviders> {
  const upstreams = await startUpstreams()
  const gateway = await startGatewayProcess({ config: { ...configFor(upstreams), ...more } })
  const recorder = new ReplyRecorder()
  const client = new OpenAI({
    baseURL: `${gateway.url}/v1`,
    apiKey: 'not-needed',
    maxRetries: 0,
    fetch: recorder.fetch,
  })
  return {
    gateway,
    upstreams,
    client,
    recorder,
    reset: () => {
      for (const upstream of Object.values(upstreams)) upstream.reset()
    },
    close: async () => {
      await gateway.stop()
      await Promise.all(Object.values(upstreams).map((upstream) => upstream.close()))
    },
  }
}

async function startUpstreams(): Promise<Record<ProviderName, Upstream>> {
  const started = providerNames.map(async (name) => [name, await startUpstream()] as const)
  return Object.fromEntries(await Promise.all(started)) as Record<ProviderName, Upstream>
}

function configFor(upstreams: Record<ProviderName, Upstream>): object {
  const common = { apiKey: 'sk-upstream-secret-1234', maxRetries: 0 }
  return {
    providers: [
      {
        ...common,
        name: 'openai',
        baseUrl: `${upstreams.openai.url}/v1`,
        models: ['gpt-4o', 'text-embedding-3-small'],
      },
      { ...common, name: 'anthropic', baseUrl: upstreams.anthropic.url, models: ['claude-sonnet-4-5'] },
      { ...common, name: 'google', baseUrl: `${upstreams.google.url}/v1beta`, models: ['gemini-2.5-flash'] },
      { ...common, name: 'azure', baseUrl: upstreams.azure.url, apiVersion: '2024-10-21' },
      { ...common, name: 'azure-v1', type: 'azure', baseUrl: upstreams['azure-v1'].url },
    ],
    routing: { modelMappings: { fast: { provider: 'openai', model: 'gpt-4o' } } },
  }
}
