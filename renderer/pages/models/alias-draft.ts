import { methods, type Alias, type AliasTarget } from '../../../gateway/contract.ts'

/** An alias that is being edited. */
export interface AliasDraft {
  name: string
  targets: TargetDraft[]
  /** Weights decide who is asked first; else the order does. */
  isWeighted: boolean
}

export interface TargetDraft {
  /** Stays with its row while rows move. */
  id: number
  provider: string
  model: string
  weight: number
}

export function startAliasDraft({ name, targets }: Pick<Alias, 'name' | 'targets'>): AliasDraft {
  return {
    name,
    targets: targets.map(({ provider, model, weight }, id) => ({ id, provider, model, weight: weight ?? 1 })),
    isWeighted: targets.some(({ weight }) => weight !== undefined),
  }
}

export function withTarget(draft: AliasDraft, provider: string, model = ''): AliasDraft {
  const id = Math.max(-1, ...draft.targets.map((target) => target.id)) + 1
  return { ...draft, targets: [...draft.targets, { id, provider, model, weight: 1 }] }
}

export function withChange(draft: AliasDraft, id: number, change: Partial<TargetDraft>): AliasDraft {
  return { ...draft, targets: draft.targets.map((target) => (target.id === id ? { ...target, ...change } : target)) }
}

export function withoutTarget(draft: AliasDraft, id: number): AliasDraft {
  return { ...draft, targets: draft.targets.filter((target) => target.id !== id) }
}

/** As the gateway takes them. One target alone has no weight: it would mean nothing. */
export function draftTargets({ targets, isWeighted }: AliasDraft): AliasTarget[] {
  const hasWeights = isWeighted && targets.length > 1
  return targets.map(({ provider, model, weight }) => ({
    provider,
    model: model.trim(),
    ...(hasWeights ? { weight } : {}),
  }))
}

/** Of the first attempts, 0 to 1 each. */
export function sharesOf(targets: readonly { weight?: number | undefined }[]): number[] {
  const weights = targets.map(({ weight = 1 }) => weight)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => (total === 0 ? 0 : weight / total))
}

export interface AliasProblems {
  name?: string
  targets?: string
}

/** What keeps it from being saved. Empty: nothing. `others`: names of the other aliases. */
export function aliasProblems(draft: AliasDraft, others: readonly string[]): AliasProblems {
  const problems: AliasProblems = {}
  const name = draft.name.trim()
  if (name === '') problems.name = 'Enter the name that clients will use.'
  else if (name.length > 256) problems.name = 'At most 256 characters.'
  else if (others.includes(name)) problems.name = 'There is an alias of this name already. Choose another name.'
  if (draft.targets.length === 0) problems.targets = 'Add a target: a provider and one of its models.'
  else if (!isAsked(draft)) problems.targets = 'Choose a provider and a model for every target.'
  return problems
}

/** Whole enough to ask the gateway what it thinks of it. */
export function isAsked(draft: AliasDraft): boolean {
  const input = { name: draft.name.trim() || 'new', targets: draftTargets(draft) }
  return draft.targets.length > 0 && methods['aliases.save'].input.safeParse(input).success
}
