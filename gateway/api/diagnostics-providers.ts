import type { DiagnosticCheck } from '../contract.ts'
import { createProbe, type ProbeResult } from '../pipeline/probe.ts'
import type { Provider } from '../providers/types.ts'
import type { Upstream } from '../upstream/upstream.ts'
import type { Finding } from './diagnostics.ts'

export interface ProviderCheckPorts {
  providers: () => readonly Provider[]
  upstream: Upstream
  now: () => number
  nowMs: () => number
  scrub: (text: string) => string
}

type Check = (name: string, look: () => Promise<Finding>) => Promise<DiagnosticCheck>

/** Each provider is asked for its models, which costs nothing; the first that tells the time shows how wrong our clock is. */
export async function checkProviders(ports: ProviderCheckPorts, check: Check): Promise<DiagnosticCheck[]> {
  const clock = new Map<string, number>()
  // A probe of its own: what is known from before is not what is asked here.
  const providers = await Promise.all(
    ports.providers().map((provider) =>
      check(`Provider ${provider.name}`, async () => {
        const upstream = tellingTime(ports.upstream, (date) => clock.set(provider.name, date - ports.now()))
        const startedMs = ports.nowMs()
        const result = await createProbe({ ...ports, upstream }).check(provider)
        return providerFinding(provider, result, ports.nowMs() - startedMs)
      }),
    ),
  )
  return [...providers, await check('Clock', async () => clockFinding(clock))]
}

function providerFinding(provider: Provider, { ok, reason }: ProbeResult, durationMs: number): Finding {
  if (ok) return { outcome: 'ok', detail: `It answers, in ${Math.round(durationMs)} ms.` }
  const remedy =
    provider.problem === undefined
      ? 'Check its key and address on the Providers page, and the connection of this machine.'
      : 'Complete it on the Providers page.'
  return { outcome: 'failed', detail: reason ?? 'It does not answer.', remedy }
}

/** Above this signatures and certificates are refused. `Date` is in whole seconds. */
const wrongClockMs = 60_000

function clockFinding(differences: Map<string, number>): Finding {
  const [first] = differences
  if (first === undefined) return { outcome: 'skipped', detail: 'No provider told the time.' }
  const [name, difference] = first
  const seconds = Math.round(difference / 1000)
  if (Math.abs(difference) < wrongClockMs) {
    return { outcome: 'ok', detail: `This machine and ${name} agree on the time (${Math.abs(seconds)} s apart).` }
  }
  const which = seconds > 0 ? 'behind' : 'ahead of'
  const detail = `The clock of this machine is ${Math.abs(seconds)} s ${which} that of ${name}.`
  return { outcome: 'warning', detail, remedy: 'Let the system set its time by itself.' }
}

/** Hands everything on and looks at the `Date` header. */
function tellingTime(upstream: Upstream, onDate: (time: number) => void): Upstream {
  return {
    close: () => upstream.close(),
    send: (request, handler) =>
      upstream.send(request, {
        onHead(status, headers) {
          const time = Date.parse(String(headers['date'] ?? ''))
          if (!Number.isNaN(time)) onDate(time)
          handler.onHead(status, headers)
        },
        onData: (chunk) => handler.onData(chunk),
        onEnd: () => handler.onEnd(),
        onError: (error) => handler.onError(error),
      }),
  }
}
