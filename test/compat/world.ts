import { createTestGateway, type TestGateway } from '../helpers/in-process.ts'
import type { ScriptedDialectId } from '../helpers/scripted-dialect.ts'
import { type ScriptedUpstream, startScriptedUpstream } from '../helpers/scripted-upstream.ts'
import { HttpReplies } from './http-replies.ts'

/** What clients call the model that is asked in each dialect. */
export const models: Record<ScriptedDialectId, string> = {
  'openai-chat': 'gpt-oss-120b',
  'openai-responses': 'gpt-5.4',
  'anthropic-messages': 'claude-sonnet-4-5',
  gemini: 'gemini-3-flash',
}

/** The gateway on a loopback port, before one scripted upstream that is four providers, one for each dialect. */
export interface World {
  gateway: TestGateway
  /** `http://127.0.0.1:PORT` */
  url: string
  upstream: ScriptedUpstream
  replies: HttpReplies
  /** Between two cells: forgets what was asked, and lets time pass for whatever waits after an error. */
  reset(): void
  close(): Promise<void>
}

export async function startWorld(): Promise<World> {
  const upstream = await startScriptedUpstream(Object.values(models))
  const gateway = await createTestGateway(configFor(upstream.url))
  const url = await gateway.listen({ host: '127.0.0.1', port: 0 })
  const replies = new HttpReplies()
  replies.start()
  return {
    gateway,
    url,
    upstream,
    replies,
    reset: () => {
      upstream.reset()
      replies.reset()
      gateway.clock.advance(10 * 60_000)
    },
    close: async () => {
      replies.stop()
      await gateway.close()
      await upstream.close()
    },
  }
}

export function configFor(url: string): object {
  const provider = (name: string, dialect: ScriptedDialectId, more: object) => {
    return { name, apiKey: 'sk-upstream-secret', models: [models[dialect]], maxRetries: 0, ...more }
  }
  const compatible = { type: 'openai-compatible', baseUrl: `${url}/v1` }
  return {
    providers: [
      provider('chat', 'openai-chat', compatible),
      provider('responses', 'openai-responses', { ...compatible, dialects: ['openai-responses'] }),
      provider('anthropic', 'anthropic-messages', { baseUrl: url }),
      provider('google', 'gemini', { baseUrl: `${url}/v1beta` }),
    ],
  }
}
