import {
  methods,
  type GatewayEvent,
  type MethodInput,
  type MethodName,
  type MethodOutput,
} from '../../gateway/contract.ts'
import { fixtureClientKeys } from './fixture-client-keys.ts'
import { fixtureBudgets } from './fixture-budgets.ts'
import { fixtureConfiguration } from './fixture-configuration.ts'
import { fixtureGuards } from './fixture-guards.ts'
import { fixtureTools } from './fixture-tools.ts'
import { fixtureTraffic } from './fixture-traffic.ts'
import { fixtureUsage } from './fixture-usage.ts'

/** `full`: a developer's busy month. `empty`: just installed. `error`: every question fails. */
export type FixtureMood = 'full' | 'empty' | 'error'

export type FixtureAnswers = { [Name in MethodName]?: (input: MethodInput<Name>) => MethodOutput<Name> }

/** The moment at which all fixtures are looked at. */
export const fixtureNow = new Date('2026-11-24T14:22:00').getTime()

type Result =
  | { ok: true; value: unknown }
  | { ok: false; error: { code: string; message: string; hint: string | null; field: string | null } }

/** Answers like the gateway, from believable data; input and output are checked against the contract. */
export function createFixtureClient(mood: FixtureMood = 'full', now = fixtureNow) {
  const listeners = new Set<(event: GatewayEvent) => void>()
  const answers: FixtureAnswers = {
    ...fixtureUsage(mood, now),
    ...fixtureTraffic(mood, now),
    ...fixtureBudgets(mood, now),
    ...fixtureConfiguration(mood, now),
    ...fixtureGuards(mood),
    ...fixtureTools(mood, now),
    ...fixtureClientKeys(mood, now),
  }
  return {
    async call(name: string, input: unknown): Promise<Result> {
      const method = methods[name as MethodName]
      if (method === undefined) return failed('method_not_found', `There is no method ${name}.`, null)
      const parsed = method.input.safeParse(input)
      if (!parsed.success) {
        const [issue] = parsed.error.issues
        return failed('invalid_request', issue?.message ?? 'invalid', issue?.path.join('.') ?? null)
      }
      if (mood === 'error' && name !== 'status.get') {
        return failed('internal_error', 'The ledger could not be read: database disk image is malformed.', null)
      }
      const answer = answers[name as MethodName] as ((input: unknown) => unknown) | undefined
      if (answer === undefined) return failed('not_found', `The fixtures have no answer for ${name}.`, null)
      if (name === 'playground.send') streamAnswer(parsed.data as { id: string }, tell)
      return { ok: true, value: method.output.parse(answer(parsed.data)) }
    },
    on(listener: (event: GatewayEvent) => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    tell,
  }

  function tell(event: GatewayEvent): void {
    for (const listener of listeners) listener(event)
  }
}

function failed(code: string, message: string, field: string | null): Result {
  return { ok: false, error: { code, message, hint: 'Look into Diagnostics for the cause.', field } }
}

const words = 'A gateway is a door with a memory: it lets every call through and can tell afterwards what it cost.'

function streamAnswer({ id }: { id: string }, tell: (event: GatewayEvent) => void): void {
  for (const text of words.split(/(?<= )/)) tell({ event: 'playground', data: { id, text, reasoning: '', end: null } })
  const end = {
    callId: 'req_01JDXK7Q',
    provider: 'anthropic',
    model: 'claude-sonnet-5',
    cache: 'MISS',
    inputTokens: 31,
    outputTokens: 24,
    costNanoUsd: 453_000,
    durationMs: 1_320,
    firstTokenMs: 410,
    error: null,
  }
  tell({ event: 'playground', data: { id, text: '', reasoning: '', end } })
}
