import { startGatewayProcess } from '../helpers/gateway.ts'
import { hangBeforeHeaders, status } from '../helpers/upstream-faults.ts'
import { text } from '../helpers/upstream-plays.ts'
import { startUpstream, type Upstream } from '../helpers/upstream.ts'

export interface Scrape {
  /** The labels of each series, by the name of its samples. */
  samples: Map<string, Set<string>>
  /** Families that are announced, and of which nothing has been seen: that takes what these calls do not bring about. */
  unseen: string[]
}

/** What a real gateway says at /metrics after calls that went well, badly, from the cache, and not at all. */
export async function scrapeRunningGateway(): Promise<Scrape> {
  const upstream = await startUpstream()
  upstream.on(/./, text('Hello!'))
  const gateway = await startGatewayProcess({ config: configuration(upstream) })
  try {
    await makeCalls(gateway.url, upstream)
    // The event loop has been watched since the first scrape only.
    await (await fetch(`${gateway.url}/metrics`)).text()
    return read(await (await fetch(`${gateway.url}/metrics`)).text())
  } finally {
    await gateway.stop()
    await upstream.close()
  }
}

function configuration({ url }: Upstream): object {
  const provider = { apiKey: 'sk-secret-abcd', type: 'openai', maxRetries: 1 }
  return {
    providers: [
      { name: 'first', ...provider, baseUrl: `${url}/first/v1` },
      { name: 'second', ...provider, baseUrl: `${url}/second/v1` },
    ],
    routing: {
      fallbackChain: ['first', 'second'],
      modelMappings: { hedged: ['first', 'second'].map((name) => ({ provider: name, model: 'gpt-4o' })) },
      hedge: { after: '100ms', maxRate: 1, aliases: ['hedged'] },
    },
    // Nobody listens there: `redis_up` is 0, and the cache is in memory meanwhile.
    cache: { enabled: true, backend: 'redis', redis: { url: 'redis://127.0.0.1:1' } },
    rateLimit: { enabled: true, perModel: { 'first/limited': { requests: 1, window: '1h' } } },
    budgets: { daily: 5 },
  }
}

async function makeCalls(url: string, upstream: Upstream): Promise<void> {
  await chat(url, { model: 'first/gpt-4o' })
  await chat(url, { model: 'first/gpt-4o' })
  await chat(url, { model: 'first/gpt-4o', stream: true, messages: [{ role: 'user', content: 'Slowly' }] })
  await chat(url, { model: 'first/limited' })
  await chat(url, { model: 'first/limited', messages: [{ role: 'user', content: 'Once more' }] })
  upstream.script(hangBeforeHeaders())
  await chat(url, { model: 'hedged', messages: [{ role: 'user', content: 'Whoever is quicker' }] })
  upstream.on('/first/', status(500))
  // Until its circuit is open.
  for (let count = 0; count < 6; count += 1) {
    await chat(url, { model: 'first/gpt-4o', messages: [{ role: 'user', content: `Question ${count}` }] })
  }
  upstream.on('/second/', status(401))
  await chat(url, { model: 'second/gpt-4o-mini' })
}

async function chat(url: string, body: object): Promise<void> {
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ messages: [{ role: 'user', content: 'Hi' }], ...body }),
  })
  await answer.text()
}

function read(text: string): Scrape {
  const samples = new Map<string, Set<string>>()
  for (const line of text.split('\n')) {
    const [, name, inner] = /^([a-z_]\w*)(?:\{(.*)\})? \S+$/.exec(line) ?? []
    if (name === undefined) continue
    const labels = samples.get(name) ?? new Set()
    samples.set(name, labels)
    for (const [, label] of (inner ?? '').matchAll(/(\w+)="/g)) labels.add(label ?? '')
  }
  const announced = [...text.matchAll(/^# TYPE (llm_gateway_\w+) /gm)].map(([, name]) => name ?? '')
  return { samples, unseen: announced.filter((name) => !samples.has(name) && !samples.has(`${name}_bucket`)) }
}
