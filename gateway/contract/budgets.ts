import { z } from 'zod'
import { known, name, nanoUsd, time } from './basics.ts'

export const budgetScope = z.enum(['all', 'key', 'provider', 'feature'])
export type BudgetScope = z.output<typeof budgetScope>

export const budgetPeriods = ['daily', 'weekly', 'monthly'] as const
export const budgetPeriod = z.enum(budgetPeriods)
export type BudgetPeriod = z.output<typeof budgetPeriod>

/** From 0.000001 to 1,000,000 USD. */
const amount = nanoUsd.min(1000).max(1e15).nullable()

/** null: no budget for that period. */
export const budgetAmounts = z.strictObject({ daily: amount, weekly: amount, monthly: amount })
export type BudgetAmounts = z.output<typeof budgetAmounts>

/** What becomes of a call for which nothing is left: refused, only warned of, or answered as if the alias had been asked. */
export const budgetAction = z.union([z.enum(['block', 'warn']), z.strictObject({ degrade: name })])
export type BudgetAction = z.output<typeof budgetAction>

/** The section `budgets` of gateway.yaml. */
export const budgetSettings = z.strictObject({
  all: budgetAmounts,
  perKey: z.record(name, budgetAmounts),
  perProvider: z.record(name, budgetAmounts),
  perFeature: z.record(name, budgetAmounts),
  action: budgetAction,
  /** Share of a budget from which it is warned. */
  warnAt: z.number().gt(0).max(1),
  /** IANA name; null: the one of the gateway's machine. */
  timeZone: z.string().min(1).max(64).nullable(),
})
export type BudgetSettings = z.output<typeof budgetSettings>

/** One amount in its present period. */
export const budgetState = z.object({
  scope: budgetScope,
  /** Of the key, provider or feature; null: everybody's. */
  name: z.string().nullable(),
  period: budgetPeriod,
  limitNanoUsd: nanoUsd,
  spentNanoUsd: nanoUsd,
  /** Held back for calls under way. */
  heldNanoUsd: nanoUsd,
  startsAt: time,
  resetsAt: time,
  /** Spent when the period ends, at the pace of the last seven days. null: too little is known. */
  forecastNanoUsd: known,
  /** When nothing is left at that pace; null: not in this period. */
  runsOutAt: time.nullable(),
})
export type BudgetState = z.output<typeof budgetState>

export const budgetOverview = z.object({
  settings: budgetSettings,
  states: z.array(budgetState),
  /** In which periods begin. */
  timeZone: z.string(),
  /** With whom they are spent: by this gateway alone, by all on its Redis, or by all, though Redis is away now. */
  sharing: z.enum(['alone', 'shared', 'away']),
})

/** Told once per budget, level and period. */
export const budgetNotice = z.object({
  scope: budgetScope,
  name: z.string().nullable(),
  period: budgetPeriod,
  /** `near`: the share to warn at; `reached`: all of it is spent, or too little is left for a call. */
  level: z.enum(['near', 'reached']),
  spentNanoUsd: nanoUsd,
  limitNanoUsd: nanoUsd,
  resetsAt: time,
  text: z.string(),
})
export type BudgetNotice = z.output<typeof budgetNotice>
