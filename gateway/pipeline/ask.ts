import { GatewayError } from '../errors.ts'
import type { InlineMedia } from '../upstream/media.ts'
import type { Breaker } from './breaker.ts'
import type { Call, Target } from './call.ts'
import { exchange, type ExchangeInput, type ExchangePorts, type ExchangeResult } from './exchange.ts'
import { prepare, type Prepared } from './prepare.ts'

export interface AskPorts extends ExchangePorts {
  breaker: Breaker
  inlineMedia: InlineMedia
  /** How a target is asked, where it is not about chat. */
  verbs?: {
    prepare: (call: Call, target: Target) => Prepared
    exchange: (input: ExchangeInput, ports: ExchangePorts) => Promise<ExchangeResult>
  }
}

/** One request to one target. */
export type Request = Pick<ExchangeInput, 'target' | 'prepared' | 'number'>

/** Sends it; the breaker hears what came of it. */
export async function ask(
  { call, headers, collect }: Pick<ExchangeInput, 'call' | 'headers' | 'collect'>,
  { target, prepared, number }: Request,
  ports: AskPorts,
): Promise<ExchangeResult> {
  const send = ports.verbs?.exchange ?? exchange
  const result = await send(
    {
      call,
      target,
      prepared: traced(prepared, call, { number, target }),
      number,
      headers,
      collect: collect || call.trace?.keepsContent === true,
    },
    ports,
  )
  ports.breaker.report(target.key, breakerOutcome(result))
  return result
}

/** What cannot be said in one target's dialect may be sayable in the next one's. */
export async function prepareFor(call: Call, target: Target, ports: AskPorts): Promise<Prepared | GatewayError> {
  const { name, problem } = target.provider
  if (problem !== undefined) return new GatewayError('no_provider', `Provider "${name}" cannot be asked: ${problem}.`)
  try {
    return ports.verbs?.prepare(call, target) ?? (await prepare(call, target, ports.inlineMedia))
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
}

/** The provider's own spans join the attempt's. */
function traced(prepared: Prepared, { trace }: Call, { number, target }: { number: number; target: Target }): Prepared {
  if (trace === undefined) return prepared
  return { ...prepared, headers: { ...prepared.headers, ...trace.attempt(number, target) } }
}

function breakerOutcome(result: ExchangeResult): 'success' | 'failure' | 'neutral' {
  if (result.type === 'answered') return 'success'
  if (result.type === 'aborted') return 'neutral'
  return result.failure.blame ? 'failure' : 'neutral'
}
