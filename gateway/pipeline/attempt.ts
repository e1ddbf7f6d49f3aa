import { GatewayError, type ErrorCode } from '../errors.ts'
import type { Warning } from '../chat/request.ts'
import { hedgeLost } from '../stores/ledger.ts'
import { ask, prepareFor, type AskPorts } from './ask.ts'
import type { Answer, Attempt, Call, Caller, CallFailure, Route, Target } from './call.ts'
import type { ExchangeResult } from './exchange.ts'
import { gatewayFailure, type Failed } from './failure.ts'
import { askWatched } from './hedge-ask.ts'
import { failureOf, type Raced } from './hedge-race.ts'
import type { Hedging, Watch } from './hedge.ts'
import { nextStep } from './policy.ts'
import { noBytes, type Seen } from './relay.ts'
import type { Refused, Spend } from './spend.ts'

export interface AttemptPorts extends AskPorts {
  /** Absent where nothing limits what is spent. */
  spend?: Spend
  /** Absent where slow calls are waited for. */
  hedge?: Hedging
  random: () => number
  maxAttempts: number
  onRetry: (target: Target, step: 'retry' | 'next') => void
}

export interface AttemptInput {
  call: Call
  caller: Caller
  route: Route
  cache: 'MISS' | 'BYPASS'
  /** What the reply's head carries whoever answers. */
  headers: Record<string, string>
  collect: boolean
}

export type Attempted = Answer & { seen: Seen | undefined }

/** Tries the targets until one answers: retry, fallback, circuit breaker. May switch only before the commit point. */
export async function attempt(input: AttemptInput, ports: AttemptPorts): Promise<Attempted> {
  return tryTargets(input, ports, { attempts: [], failures: [], warnings: [], isDegraded: false })
}

/** What has come of the call so far. */
interface Progress {
  attempts: Attempt[]
  failures: { target: Target; failure: Failed }[]
  /** What the client is to be told whoever answers. */
  warnings: Warning[]
  /** The route is not the one that was asked for: that one costs too much. */
  isDegraded: boolean
  /** A target that was asked beside another, while both failed. */
  beside?: { target: Target; failure: Failed } | undefined
}

async function tryTargets(input: AttemptInput, ports: AttemptPorts, progress: Progress): Promise<Attempted> {
  const { targets } = input.route
  let cheaper: Route | undefined
  for (const [index, target] of targets.entries()) {
    const { spend } = ports
    const refused = spend === undefined ? undefined : await holdMoney(input, target, { spend, progress })
    cheaper ??= refused?.instead
    if (refused?.step === 'stop') break
    if (refused !== undefined) continue
    const hasNext = index < targets.length - 1 || cheaper !== undefined
    const ended = await tryTarget(input, { target, index, hasNext }, { ports, progress })
    if (ended !== undefined) return ended
  }
  if (cheaper === undefined) return giveUp(input, progress)
  return tryTargets({ ...input, route: cheaper }, ports, { ...progress, isDegraded: true })
}

/** undefined: it may be asked. Else there is no budget left for it, and what to do about that. */
async function holdMoney(
  { call, caller }: AttemptInput,
  target: Target,
  { spend, progress }: { spend: Spend; progress: Progress },
): Promise<Refused | undefined> {
  const answer = await spend.hold({ call, caller, target, isDegraded: progress.isDegraded })
  if (answer === undefined) return undefined
  progress.warnings.push(...answer.warnings)
  const { refused } = answer
  if (refused !== undefined) progress.failures.push({ target, failure: refused.failure })
  return refused
}

/** Asks one target as often as it makes sense. undefined: the next one's turn. */
async function tryTarget(
  input: AttemptInput,
  { target, index, hasNext }: { target: Target; index: number; hasNext: boolean },
  { ports, progress }: { ports: AttemptPorts; progress: Progress },
): Promise<Attempted | undefined> {
  const { call } = input
  const { attempts, failures, warnings } = progress
  const prepared = await prepareFor(call, target, ports)
  if (prepared instanceof GatewayError) {
    failures.push({ target, failure: gatewayFailure(prepared, false) })
    return undefined
  }
  if (warnings.length > 0) prepared.warnings = [...warnings, ...prepared.warnings]
  let failure = failedBeside(progress, target)
  let last: Attempt | undefined
  for (let retries = 0; ; retries += 1) {
    if (failure === undefined) {
      if (!ports.breaker.allows(target.key)) {
        failures.push({ target, failure: circuitOpen(target, ports.breaker.opensInMs(target.key)) })
        return undefined
      }
      const request = { target, prepared, number: attempts.length + 1 }
      const watch = attempts.length === 0 ? watchOf(input, index, ports) : undefined
      const result =
        watch === undefined
          ? await ask(input, request, ports)
          : noted(await askWatched(input, { request, watch, warnings }, ports), progress)
      if (watch === undefined) attempts.push(result.attempt)
      if (result.type !== 'failed') return conclude(input, attempts, result)
      failure = result.failure
      last = result.attempt
    }
    failures.push({ target, failure })
    const { maxAttempts } = ports
    const { maxRetries } = target.provider
    const state = { attempts: attempts.length, maxAttempts, retries, maxRetries, hasNext }
    const step = nextStep(state, failure, ports.random())
    if (step.type === 'stop') {
      // It would have been that one's turn, and was.
      if (failure.fallback && progress.beside !== undefined) failures.push(progress.beside)
      return giveUp(input, progress, failure.fallback ? undefined : last)
    }
    ports.onRetry(target, step.type)
    if (step.type === 'next') return undefined
    await pause(step.delayMs, call.signal)
    if (call.signal.aborted) return aborted(input, attempts, { reason: call.signal.reason, decisive: attempts.at(-1) })
    failure = undefined
  }
}

/** Only a call's first request is watched: where providers fail already, more requests would make it worse. */
function watchOf({ call, route }: AttemptInput, index: number, ports: AttemptPorts): Watch | undefined {
  if (ports.hedge === undefined || ports.verbs !== undefined || ports.maxAttempts < 2) return undefined
  return ports.hedge.watch(call, route, index)
}

function noted(raced: Raced, progress: Progress): ExchangeResult {
  progress.attempts.push(...raced.attempts)
  progress.beside = failureOf(raced)
  return raced.result
}

/** It was asked beside the first one, and failed as well: that was its first try. */
function failedBeside(progress: Progress, target: Target): Failed | undefined {
  const { beside } = progress
  if (beside?.target !== target) return undefined
  progress.beside = undefined
  return beside.failure
}

function conclude(
  input: AttemptInput,
  attempts: Attempt[],
  result: Exclude<ExchangeResult, { type: 'failed' }>,
): Attempted {
  const decisive = result.attempt
  if (result.type === 'aborted') return aborted(input, attempts, { reason: result.reason, decisive })
  const { tail, seen } = result
  const base = { cache: input.cache, attempts, decisive, hit: undefined, tail, seen }
  if (result.type === 'broken') return { ...base, failure: result.failure, head: { status: 200, headers: {} } }
  return { ...base, failure: undefined, head: result.head }
}

function aborted(
  input: AttemptInput,
  attempts: Attempt[],
  { reason, decisive }: { reason: unknown; decisive: Attempt | undefined },
): Attempted {
  const failure = abortFailure(reason)
  const head = { status: failure.status, headers: {} }
  return {
    cache: input.cache,
    attempts,
    decisive,
    failure,
    head,
    tail: noBytes,
    hit: undefined,
    seen: undefined,
  }
}

/**
 * The client is told what its first choice said, and what became of the others. `decisive`: the one that failed in a way
 * that no other could help with.
 */
function giveUp(input: AttemptInput, { attempts, failures }: Progress, decisive?: Attempt): Attempted {
  const first = failures[0]?.target
  const ofFirst = failures.filter(({ target }) => target === first).map(({ failure }) => failure)
  // "Asked too often" says less than what it answered when it was asked.
  const own = ofFirst.findLast(({ code }) => code !== circuitCode) ?? ofFirst[0] ?? noProvider()
  const others = failures.filter(({ target }, index) => target !== first && failures[index + 1]?.target !== target)
  const also = others.map(({ target, failure }) => `${target.key}: ${failure.message}`)
  const message = also.length === 0 ? own.message : `${own.message} Fallback failed too: ${also.join(' ')}`
  // Its own words say nothing of the others.
  const failure: CallFailure = also.length === 0 ? own : { ...own, message, body: undefined }
  return {
    cache: input.cache,
    attempts,
    // One that was cut off because of this failure has no part in it.
    decisive: decisive ?? attempts.findLast(({ errorCode }) => errorCode !== hedgeLost),
    failure,
    head: { status: failure.status, headers: providerHeaders(first, attempts) },
    tail: noBytes,
    hit: undefined,
    seen: undefined,
  }
}

const circuitCode = 'provider_unavailable' satisfies ErrorCode

function providerHeaders(target: Target | undefined, attempts: Attempt[]): Record<string, string> {
  if (target === undefined) return {}
  return { 'x-gateway-provider': target.provider.name, 'x-gateway-attempts': String(attempts.length) }
}

export function abortFailure(reason: unknown): CallFailure {
  const error =
    reason instanceof GatewayError
      ? reason
      : new GatewayError('client_closed_request', 'The client closed the connection.')
  return gatewayFailure(error, false)
}

function circuitOpen({ provider, model }: Target, opensInMs: number): Failed {
  const text = `Provider "${provider.name}" failed several times in a row for "${model}"; it is asked again in ${Math.ceil(opensInMs / 1000)} s.`
  return gatewayFailure(new GatewayError(circuitCode, text, { retryAfterMs: Math.max(1000, opensInMs) }), false)
}

function noProvider(): Failed {
  return gatewayFailure(new GatewayError('no_provider', 'No provider could be asked.'), false)
}

/** Waits; an abort ends the wait early. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    if (signal.aborted) done()
    else signal.addEventListener('abort', done)
  })
}
