import type { Warning } from '../chat/request.ts'
import { estimateCost, estimateOutput, estimatePrompt } from '../budgets/estimate.ts'
import type { BudgetKeeper, Held, NoRoom } from '../budgets/keeper.ts'
import type { Spender } from '../budgets/index-budgets.ts'
import { budgetName, refusalText } from '../budgets/words.ts'
import { GatewayError } from '../errors.ts'
import type { ModelPrice } from '../models/price.ts'
import type { Call, Caller, Route, Target } from './call.ts'
import { gatewayFailure, type Failed } from './failure.ts'

/** Money for one attempt: held until the call is settled, or refused. */
export interface Spend {
  /** undefined: nothing to say, go on. */
  hold(asked: SpendAsked): SpendAnswer | undefined | Promise<SpendAnswer | undefined>
  /**
   * For a second request beside the first, on top of what the call holds. false: there is no room for it, or its price
   * is not known, so that nobody could say. Nothing is warned of.
   */
  holdBeside(asked: Omit<SpendAsked, 'isDegraded'>): boolean | Promise<boolean>
}

export interface SpendAsked {
  call: Call
  caller: Caller
  target: Target
  /** Set where this target stands in for one that costs too much. */
  isDegraded: boolean
}

export interface SpendAnswer {
  /** For the head of the answer. */
  warnings: Warning[]
  refused?: Refused
}

export interface Refused {
  failure: Failed
  /** `next`: another provider may answer. `stop`: none of those asked for may. */
  step: 'next' | 'stop'
  /** Whom to ask where none of them can. */
  instead: Route | undefined
}

export interface SpendPorts {
  keeper: BudgetKeeper
  /** Resolves when prices can be asked; undefined when they can be already. */
  pricesReady: () => Promise<unknown> | undefined
  /** Of a call now; undefined = not known. */
  priceOf: (target: Target) => ModelPrice | undefined
  /** Where the alias leads this call. Throws GatewayError where it leads nowhere. */
  routeAlias: (call: Call, alias: string) => Route
}

export function createSpend(ports: SpendPorts): Spend {
  const { keeper } = ports
  return {
    hold(asked) {
      const spender = spenderOf(asked, ports)
      if (spender === undefined) return undefined
      const loading = ports.pricesReady()
      return loading === undefined ? holdKnown() : loading.then(holdKnown)

      function holdKnown(): SpendAnswer | undefined | Promise<SpendAnswer | undefined> {
        const { call, isDegraded } = asked
        const estimateNanoUsd = estimate(asked, ports)
        const held = keeper.hold({ ...(spender as Spender), callId: call.id, estimateNanoUsd, isDegraded })
        return held instanceof Promise
          ? held.then((settled) => answerOf(settled, { asked, estimateNanoUsd, ports }))
          : answerOf(held, { asked, estimateNanoUsd, ports })
      }
    },
    async holdBeside(asked) {
      const spender = spenderOf(asked, ports)
      if (spender === undefined) return true
      await ports.pricesReady()
      const estimateNanoUsd = estimate(asked, ports)
      if (estimateNanoUsd === undefined) return false
      const question = { ...spender, callId: asked.call.id, estimateNanoUsd, isDegraded: false, isAlongside: true }
      return (await keeper.hold(question)).refused === undefined
    },
  }
}

/** undefined: no budget concerns it. */
function spenderOf(
  { call, caller, target }: Pick<SpendAsked, 'call' | 'caller' | 'target'>,
  { keeper }: SpendPorts,
): Spender | undefined {
  if (!keeper.isActive || target.dialect.provider?.isFree === true) return undefined
  const spender = { key: caller.name, provider: target.provider.name, feature: call.options.metadata?.feature }
  return keeper.concerns(spender) ? spender : undefined
}

/** 1e-9 USD; undefined = not known. */
function estimate({ call, target }: Pick<SpendAsked, 'call' | 'target'>, { priceOf }: SpendPorts): number | undefined {
  // Sound, images: what they use is known when they tell.
  if (target.dialect.provider?.reportsAlone === true) return isFree(priceOf(target)) ? 0 : undefined
  return estimateCost(priceOf(target), estimatePrompt(call.members), () => estimateOutput(call.members, target.model))
}

function isFree(price: ModelPrice | undefined): boolean {
  return price !== undefined && Object.values(price.rates).every(({ base }) => base === 0)
}

interface Estimated {
  asked: SpendAsked
  estimateNanoUsd: number | undefined
  ports: SpendPorts
}

function answerOf({ refused, over }: Held, { asked, estimateNanoUsd, ports }: Estimated): SpendAnswer | undefined {
  if (refused !== undefined) return refusal(refused, { asked, estimateNanoUsd, ports })
  const warnings = over.map((budget) => ({ feature: 'budget', reason: `${budgetName(budget)} is used up` }))
  if (estimateNanoUsd === undefined) {
    const { key } = asked.target
    warnings.push({ feature: 'budget', reason: `the price of ${key} is not known, so nothing is held back for it` })
  }
  return warnings.length === 0 ? undefined : { warnings }
}

function refusal(noRoom: NoRoom, { asked, estimateNanoUsd, ports }: Estimated): SpendAnswer {
  const { budget } = noRoom
  const { call } = asked
  const text = refusalText(budget, noRoom.state, { ...noRoom, mayCostNanoUsd: estimateNanoUsd })
  const error = new GatewayError('budget_exceeded', text)
  const failure = { ...gatewayFailure(error, false), status: call.dialect.client?.quotaStatus ?? error.status }
  const reason = `${budgetName(budget)} has no room for ${asked.target.key}`
  const action = asked.isDegraded ? 'block' : ports.keeper.action
  const instead = typeof action === 'object' ? aliasRoute(call, action.degrade, ports) : undefined
  const step = budget.scope === 'provider' ? 'next' : 'stop'
  const isNow = step === 'stop' && typeof action === 'object' && instead !== undefined
  const told = isNow ? `${reason}, so "${action.degrade}" is asked instead` : reason
  return { warnings: [{ feature: 'budget', reason: told }], refused: { failure, step, instead } }
}

/** Its targets are stand-ins: the client is told, and their answers are not kept as the asked-for model's. */
function aliasRoute(call: Call, alias: string, { routeAlias }: SpendPorts): Route | undefined {
  try {
    const { targets } = routeAlias(call, alias)
    if (targets.length === 0) return undefined
    return { alias, targets: targets.map((target) => ({ ...target, substituted: true })) }
  } catch (error) {
    if (error instanceof GatewayError) return undefined
    throw error
  }
}
