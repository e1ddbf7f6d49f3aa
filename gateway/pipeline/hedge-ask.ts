import type { Warning } from '../chat/request.ts'
import { GatewayError } from '../errors.ts'
import { ask, prepareFor, type AskPorts, type Request } from './ask.ts'
import type { Call, Caller } from './call.ts'
import type { ExchangeInput } from './exchange.ts'
import type { HedgeOutcome, Watch } from './hedge.ts'
import { race, type Raced, type SecondRequest } from './hedge-race.ts'
import { callsToolsElsewhere } from './hedge-repeatable.ts'
import type { Spend } from './spend.ts'

export interface WatchedInput extends Pick<ExchangeInput, 'headers' | 'collect'> {
  call: Call
  caller: Caller
}

export interface WatchedPorts extends AskPorts {
  spend?: Spend
}

interface Asked {
  request: Request
  watch: Watch
  /** For the head of the answer, whoever gives it. */
  warnings: readonly Warning[]
}

/** Asks a target, and where that is slow another one too. */
export async function askWatched(
  input: WatchedInput,
  { request, watch, warnings }: Asked,
  ports: WatchedPorts,
): Promise<Raced> {
  const raced = await askBoth(input, { request, watch, warnings }, ports)
  watch.measure(raced)
  const outcome = outcomeOf(raced)
  if (outcome !== undefined) watch.tell(outcome)
  return raced
}

async function askBoth(input: WatchedInput, { request, watch, warnings }: Asked, ports: WatchedPorts): Promise<Raced> {
  const { call } = input
  const { delayMs } = watch
  if (delayMs === undefined) {
    const result = await ask(input, request, ports)
    return { attempts: [result.attempt], result, second: undefined, isFirstCut: false }
  }
  return race({
    call,
    delayMs,
    first: (lane) => ask({ ...input, call: lane }, request, ports),
    second: () => secondRequest(input, { watch, warnings, number: request.number + 1 }, ports),
    onUnexpected: watch.onUnexpected,
  })
}

/** Money last: it stays held until the call is over, whether or not the request is made. */
async function secondRequest(
  input: WatchedInput,
  { watch, warnings, number }: Omit<Asked, 'request'> & { number: number },
  ports: WatchedPorts,
): Promise<SecondRequest | undefined> {
  const { call, caller } = input
  const { second: target, credit } = watch
  try {
    if (!watch.isSound() || callsToolsElsewhere(call)) return undefined
    if (!credit.isEnough) return refused(watch, 'over_rate')
    const prepared = await prepareFor(call, target, ports)
    if (prepared instanceof GatewayError) return undefined
    prepared.warnings = [...warnings, ...prepared.warnings]
    const hasRoom = (await ports.spend?.holdBeside({ call, caller, target })) ?? true
    if (!hasRoom) return refused(watch, 'over_budget')
    return {
      target,
      mayBegin() {
        // Others may have used it up meanwhile.
        if (!credit.isEnough) watch.tell('over_rate')
        if (!credit.isEnough || !ports.breaker.allows(target.key)) return false
        credit.take()
        return true
      },
      ask: (lane) => ask({ ...input, call: lane }, { target, prepared, number }, ports),
    }
  } catch (error) {
    watch.onUnexpected(error)
    return undefined
  }
}

function refused(watch: Watch, outcome: HedgeOutcome): undefined {
  watch.tell(outcome)
}

function outcomeOf({ second, result }: Raced): HedgeOutcome | undefined {
  if (second === undefined) return undefined
  if (second.won) return 'won'
  if (second.result.type === 'failed') return 'failed'
  return result.type === 'aborted' ? 'aborted' : 'lost'
}
