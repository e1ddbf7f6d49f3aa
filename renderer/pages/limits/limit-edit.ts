import type { Limit, Limits } from '../../../gateway/contract.ts'

/** One field of a limit as it was left; undefined: emptied. */
export interface LimitEdit {
  requests?: number | undefined
  tokens?: number | undefined
  windowMs?: number | undefined
}

export const usualWindowMs = 60_000

/** null: neither requests nor tokens are left, so there is no limit. An emptied window stays as it was. */
export function editLimit(limit: Limit | null, windowMs: number, edit: LimitEdit): Limit | null {
  const requests = 'requests' in edit ? edit.requests : limit?.requests
  const tokens = 'tokens' in edit ? edit.tokens : limit?.tokens
  if (requests === undefined && tokens === undefined) return null
  return {
    ...(requests === undefined ? {} : { requests }),
    ...(tokens === undefined ? {} : { tokens }),
    windowMs: edit.windowMs ?? windowMs,
  }
}

/** null takes the model's limit out. */
export function withModelLimit(limits: Limits, model: string, limit: Limit | null): Limits {
  const { [model]: _before, ...others } = limits.perModel
  // A limit that is changed stays at its place.
  const perModel = limit === null ? others : { ...limits.perModel, [model]: limit }
  return { ...limits, perModel }
}

export function hasLimits({ global, perKey, perModel }: Limits): boolean {
  return global !== null || perKey !== null || Object.keys(perModel).length > 0
}

/** Why a model cannot be added; undefined: it can. */
export function newModelProblem(name: string, existing: readonly string[]): string | undefined {
  if (name === '') return 'Enter the name of a model, an alias, or a pattern like gpt-4*.'
  if (name.length > 256) return 'The name is too long.'
  return existing.includes(name) ? `${name} has a limit already.` : undefined
}
