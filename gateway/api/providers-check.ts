import { configSchema } from '../config/schema.ts'
import type { ProviderCheck, ProviderEdit } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { createProbe, type ProbeResult } from '../pipeline/probe.ts'
import { resolveProvider } from '../providers/provider.ts'
import type { Provider } from '../providers/types.ts'
import { createScrubber } from '../telemetry/scrub.ts'
import type { Upstream } from '../upstream/upstream.ts'
import { isLocalAddress } from './catalog.ts'
import { withMaps, writtenMaps, writtenMembers } from './providers-edits.ts'
import { plainProblem } from './providers-view.ts'

export interface CheckPorts {
  upstream: Upstream
  now: () => number
  /** On a clock that never jumps. */
  nowMs: () => number
}

export interface Draft {
  /** References in its headers are resolved. */
  edit: ProviderEdit
  /** As it would be written now, references resolved; undefined: it is new. */
  entry: object | undefined
  key: string | undefined
  reference: string | undefined
}

/** Asks a provider for its models as it would be configured. Nothing is kept and nothing is spent. */
export async function checkProvider(draft: Draft, ports: CheckPorts): Promise<ProviderCheck> {
  const provider = draftProvider(draft)
  const problem = plainProblem(provider, draft.reference)
  if (problem !== undefined) return failed(problem)
  const { upstream, now, nowMs } = ports
  // A probe of its own: neither a result from before the edit nor this one's must be taken for the other.
  const probe = createProbe({
    upstream,
    now,
    scrub: createScrubber(() => [...provider.secrets, ...typedValues(draft.edit)]),
  })
  const startedMs = nowMs()
  const result = await probe.check(provider)
  const latencyMs = Math.round(nowMs() - startedMs)
  if (result.ok) return { ok: true, problem: null, latencyMs, models: result.models }
  return { ...failed(checkProblem(result, provider)), latencyMs }
}

/** Whatever the header is called: what was just typed may be a key. Shorter ones are words that answers have, too. */
function typedValues({ headers = {} }: ProviderEdit): string[] {
  return Object.values(headers).filter((value) => value !== null && value.length >= 8) as string[]
}

function draftProvider({ edit, entry, key }: Draft): Provider {
  const asItIs = (text: string) => text
  const members = { ...entry, ...writtenMembers(edit, asItIs), name: edit.name, apiKey: key }
  const whole = withMaps(members, writtenMaps(edit, entry ?? {}, asItIs))
  const present = Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined))
  const parsed = configSchema.safeParse({ providers: [present] })
  const config = parsed.data?.providers[0]
  if (config !== undefined) return resolveProvider(config, 0)
  const [issue] = parsed.error?.issues ?? []
  // Without the index, which is that of the draft.
  const field = issue?.path.slice(2).join('.') ?? ''
  throw new GatewayError('invalid_request', `${field}: ${issue?.message ?? 'invalid'}`, { param: `provider.${field}` })
}

function failed(problem: string): ProviderCheck {
  return { ok: false, problem, latencyMs: null, models: [] }
}

/** What the provider said, and what to do about it. */
export function checkProblem(
  { reason = 'no answer' }: Pick<ProbeResult, 'reason'>,
  { row, endpoints: [main] }: Pick<Provider, 'row' | 'endpoints'>,
): string {
  const [, status, words] = /^HTTP (\d{3}): ([\s\S]*)$/.exec(reason) ?? []
  if (status === undefined || words === undefined) return unreachable(row.name, main?.origin, reason)
  const said = `${row.name} answered with HTTP ${status}: "${words.trim()}"`
  if (status === '401' || status === '403') {
    const where = row.keyPage === undefined ? '' : `, or make a new one at ${row.keyPage}`
    return `${said}. Check that the key was copied whole${where}.`
  }
  if (status === '429') return `${said}. The key is known; wait a moment and try again.`
  if (Number(status) >= 500) return `${said}. The provider has a problem of its own; try again later.`
  return `${said}. Check the address.`
}

function unreachable(name: string, origin: string | undefined, reason: string): string {
  const advice = isLocalAddress(origin)
    ? 'Is it running, and is the port right?'
    : 'Check the address, this machine’s connection and its proxy.'
  return `${name} could not be reached at ${origin ?? 'its address'}: ${reason}. ${advice}`
}
