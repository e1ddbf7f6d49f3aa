import type { MethodInput, MethodOutput } from '../../../gateway/contract.ts'

/** The fallback chain as it is edited; what is saved is always the whole. */
export type Chain = MethodOutput<'aliases.list'>['fallbackChain']
export type ChainStep = Chain[number]

export function fallbackInput(chain: Chain, defaultProvider: string | null): MethodInput<'aliases.fallback'> {
  return { chain: chain.map(plainStep), defaultProvider }
}

/** Without an empty table of stand-ins: that is the same as none. */
function plainStep({ provider, models = {} }: ChainStep): ChainStep {
  return Object.keys(models).length === 0 ? { provider } : { provider, models }
}

export function withStandIn(step: ChainStep, model: string, standIn: string): ChainStep {
  return { ...step, models: { ...step.models, [model]: standIn } }
}

export function withoutStandIn({ provider, models = {} }: ChainStep, model: string): ChainStep {
  return { provider, models: Object.fromEntries(Object.entries(models).filter(([name]) => name !== model)) }
}

/** Providers that are not in the chain yet. */
export function notInChain(chain: Chain, providers: readonly string[]): string[] {
  return providers.filter((name) => chain.every((step) => step.provider !== name))
}
