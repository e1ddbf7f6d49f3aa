import { asArray, asObject, asString, parseJson } from '../chat/json.ts'
import { findDialect } from '../dialects/index.ts'
import { modelsRequest } from '../providers/endpoints.ts'
import type { Provider } from '../providers/types.ts'
import type { ResponseHandler, Upstream } from '../upstream/upstream.ts'

/** Asks a provider for its list of models: free of charge, and it proves address and key at once. */
export interface Probe {
  check(provider: Provider): Promise<ProbeResult>
  /** The last result, however old. */
  last(provider: Provider): ProbeResult | undefined
}

export interface ProbeResult {
  ok: boolean
  /** Why not, for people; undefined when ok. */
  reason: string | undefined
  /** Ids it listed. */
  models: string[]
  /** Milliseconds since 1970. */
  checkedAt: number
}

export interface ProbePorts {
  upstream: Upstream
  now: () => number
  scrub: (text: string) => string
}

const freshMs = 30_000
const timeoutMs = 5000
const bodyLimit = 8 * 1024 * 1024

/** Results are shared for half a minute, so that a readiness check every second asks a provider twice a minute. */
export function createProbe(ports: ProbePorts): Probe {
  const results = new Map<string, ProbeResult>()
  const running = new Map<string, Promise<ProbeResult>>()
  return {
    last: (provider) => results.get(provider.name),
    check(provider) {
      const known = results.get(provider.name)
      if (known !== undefined && ports.now() - known.checkedAt < freshMs) return Promise.resolve(known)
      let run = running.get(provider.name)
      if (run === undefined) {
        run = ask(provider, ports).then((result) => {
          results.set(provider.name, result)
          running.delete(provider.name)
          return result
        })
        running.set(provider.name, run)
      }
      return run
    },
  }
}

async function ask(provider: Provider, ports: ProbePorts): Promise<ProbeResult> {
  const checkedAt = ports.now()
  const failed = (reason: string): ProbeResult => ({ ok: false, reason: ports.scrub(reason), models: [], checkedAt })
  if (provider.problem !== undefined) return failed(provider.problem)
  const request = modelsRequest(provider)
  const side = findDialect(provider.home?.dialect ?? 'openai-chat')?.provider
  if (request === undefined) return failed('no endpoint')
  try {
    const { status, headers, body } = await get(
      { ...request, headers: { ...side?.headers, ...request.headers } },
      ports,
    )
    if (status >= 200 && status < 300) return { ok: true, reason: undefined, models: modelIds(body), checkedAt }
    // Some compatible servers have no list of models: they are there, and that is all that can be known.
    if (status === 404 || status === 405) return { ok: true, reason: undefined, models: [], checkedAt }
    return failed(`HTTP ${status}: ${side?.readError({ status, headers, body }).message ?? 'refused'}`)
  } catch (error) {
    return failed(error instanceof Error ? error.message || error.name : String(error))
  }
}

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

function get(
  request: { origin: string; path: string; headers: Record<string, string> },
  { upstream }: ProbePorts,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    let status = 0
    let headers: Answer['headers'] = {}
    const handler: ResponseHandler = {
      onHead(code, all) {
        status = code
        headers = all
      },
      onData(chunk) {
        size += chunk.length
        if (size > bodyLimit) flight.abort(new Error('the list of models is too long'))
        else chunks.push(chunk)
      },
      onEnd() {
        clearTimeout(timer)
        resolve({ status, headers, body: Buffer.concat(chunks).toString('utf8') })
      },
      onError(error) {
        clearTimeout(timer)
        reject(error)
      },
    }
    // Set first: a request that cannot even be begun ends inside `send`.
    const timer = setTimeout(() => flight.abort(new Error(`no answer within ${timeoutMs / 1000} s`)), timeoutMs)
    const flight = upstream.send({ ...request, method: 'GET', connectMs: timeoutMs }, handler)
  })
}

/** OpenAI and Anthropic list `data[].id`, Gemini `models[].name` with a `models/` prefix, some servers a bare array. */
function modelIds(body: string): string[] {
  const json = parseJson(body)
  const list = asArray(json) ?? asArray(asObject(json)?.['data']) ?? asArray(asObject(json)?.['models']) ?? []
  return list.flatMap((item) => {
    const id = asString(asObject(item)?.['id']) ?? asString(asObject(item)?.['name'])
    return id === undefined ? [] : [id.replace(/^models\//, '')]
  })
}
