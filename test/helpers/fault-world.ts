import { assertChatStream, chatCompletionShape, errorShape } from '../conformance/openai-shapes.ts'
import { type GatewayProcess, startGatewayProcess } from './gateway.ts'
import { startUpstream, type Upstream } from './upstream.ts'

export const faultyNames = ['openai', 'anthropic', 'google'] as const
export type FaultyName = (typeof faultyNames)[number]

/** One faulty provider per dialect, a sound one behind them, and one that may be asked again. */
export interface FaultWorld {
  gateway: GatewayProcess
  faulty: Record<FaultyName, Upstream>
  second: Upstream
  retried: Upstream
  ask(question: Question): Promise<FaultReply>
  reset(): void
  close(): Promise<void>
}

export interface Question {
  provider: FaultyName | 'retried'
  stream: boolean
  /** Default: a name of its own, because the circuit breaker and the cache count by model. */
  model?: string
  headers?: Record<string, string>
}

export interface FaultReply {
  status: number
  headers: Record<string, string>
  /** Everything the answer said. */
  content: string
  /** Of an error answer, or of a stream that broke. */
  error: { message: string; type: string; code: string | null; param: string | null } | undefined
  text: string
}

export const timeoutMs = 700

export async function startFaultWorld(): Promise<FaultWorld> {
  const [openai, anthropic, google, second, retried] = await Promise.all([
    startUpstream(),
    startUpstream(),
    startUpstream(),
    startUpstream(),
    startUpstream(),
  ])
  const limits = { apiKey: 'sk-x', ttftTimeout: `${timeoutMs}ms`, idleTimeout: `${timeoutMs}ms`, timeout: '3s' }
  const gateway = await startGatewayProcess({
    config: {
      providers: [
        { ...limits, name: 'openai', baseUrl: `${openai.url}/v1`, maxRetries: 0 },
        { ...limits, name: 'anthropic', baseUrl: anthropic.url, maxRetries: 0 },
        { ...limits, name: 'google', baseUrl: `${google.url}/v1beta`, maxRetries: 0 },
        { ...limits, name: 'second', type: 'openai', baseUrl: `${second.url}/v1`, maxRetries: 0 },
        { ...limits, name: 'retried', type: 'openai', baseUrl: `${retried.url}/v1`, maxRetries: 2 },
      ],
      routing: { fallbackChain: [{ provider: 'second', models: { '*': 'backup' } }] },
      cache: { enabled: true },
    },
  })
  const upstreams = [openai, anthropic, google, second, retried]
  let asked = 0
  return {
    gateway,
    faulty: { openai, anthropic, google },
    second,
    retried,
    ask: (question) => ask(gateway.url, { model: `model-${(asked += 1)}`, ...question }),
    reset: () => {
      for (const upstream of upstreams) upstream.reset()
    },
    close: async () => {
      await gateway.stop()
      await Promise.all(upstreams.map((upstream) => upstream.close()))
    },
  }
}

async function ask(url: string, { provider, stream, model, headers = {} }: Question): Promise<FaultReply> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: `${provider}/${model}`, messages: [{ role: 'user', content: 'Hi' }], stream }),
  })
  const text = await response.text()
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    text,
    ...(isStream ? readStream(text) : readWhole(response.status, text)),
  }
}

function readStream(text: string): Pick<FaultReply, 'content' | 'error'> {
  const { chunks, error } = assertChatStream(text)
  return { content: chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join(''), error }
}

function readWhole(status: number, text: string): Pick<FaultReply, 'content' | 'error'> {
  if (status >= 400) return { content: '', error: errorShape.parse(JSON.parse(text)).error }
  const { choices } = chatCompletionShape.parse(JSON.parse(text))
  return { content: choices[0]?.message.content ?? '', error: undefined }
}
