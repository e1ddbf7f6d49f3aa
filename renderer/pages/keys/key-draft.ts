import type { ClientKey, Limit } from '../../../gateway/contract.ts'
import { usualWindowMs } from '../limits/limit-edit.ts'
import { linesOf } from '../../lib/lines-of.ts'

const dayMs = 86_400_000

/** When it ends: never, after so many days, on a day, or as it was (a time of the day that a form of days cannot say). */
export const expiryChoices = ['never', '30', '90', '365', 'day', 'as-it-is'] as const
export type ExpiryChoice = (typeof expiryChoices)[number]

/** A key in a form, as it is typed. */
export interface KeyDraft {
  name: string
  /** One per line. */
  models: string
  requests: number | undefined
  tokens: number | undefined
  windowMs: number
  expiry: ExpiryChoice
  /** `2026-12-31`, in UTC. */
  day: string
}

export function startDraft(): KeyDraft {
  return {
    name: '',
    models: '',
    requests: undefined,
    tokens: undefined,
    windowMs: usualWindowMs,
    expiry: 'never',
    day: '',
  }
}

export function draftOf({ name, models, limit, expiresAt }: ClientKey): KeyDraft {
  const isWholeDay = expiresAt !== null && expiresAt % dayMs === 0
  return {
    name,
    models: (models ?? []).join('\n'),
    requests: limit?.requests,
    tokens: limit?.tokens,
    windowMs: limit?.windowMs ?? usualWindowMs,
    expiry: expiresAt === null ? 'never' : isWholeDay ? 'day' : 'as-it-is',
    day: isWholeDay ? isoDay(expiresAt - 1) : '',
  }
}

export interface KeyRules {
  models: string[] | null
  limit: Limit | null
  expiresAt: number | null
}

export function rulesOf(draft: KeyDraft, now: number, before?: Pick<ClientKey, 'expiresAt'>): KeyRules {
  const models = linesOf(draft.models)
  return {
    models: models.length === 0 ? null : models,
    limit: limitOf(draft),
    expiresAt: draft.expiry === 'as-it-is' ? (before?.expiresAt ?? null) : expiryOf(draft, now),
  }
}

function limitOf({ requests, tokens, windowMs }: KeyDraft): Limit | null {
  if (requests === undefined && tokens === undefined) return null
  return { ...(requests === undefined ? {} : { requests }), ...(tokens === undefined ? {} : { tokens }), windowMs }
}

/** The end of the day that was meant. */
function expiryOf({ expiry, day }: KeyDraft, now: number): number | null {
  if (expiry === 'never') return null
  if (expiry === 'day') return Date.parse(day) + dayMs
  return (Math.floor(now / dayMs) + Number(expiry) + 1) * dayMs
}

export interface DraftProblems {
  name?: string
  day?: string
}

/** `isNew`: its name is chosen, and it must not be over already. */
export function draftProblems(
  draft: KeyDraft,
  now: number,
  { isNew, taken }: { isNew: boolean; taken: readonly string[] },
): DraftProblems {
  const name = isNew ? nameProblem(draft.name, taken) : undefined
  const day = draft.expiry === 'day' ? dayProblem(draft.day, now, isNew) : undefined
  return { ...(name === undefined ? {} : { name }), ...(day === undefined ? {} : { day }) }
}

function nameProblem(name: string, taken: readonly string[]): string | undefined {
  if (name === '') return 'Say whose key it is: phone, build-server, anna.'
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) return 'Use letters, digits, ".", "_" and "-", 64 at most.'
  return taken.includes(name) ? `There is a key ${name} already.` : undefined
}

function dayProblem(day: string, now: number, isNew: boolean): string | undefined {
  const at = Date.parse(day)
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(at)) return 'Choose its last day.'
  return isNew && at + dayMs <= now ? 'That day is over.' : undefined
}

/** Of UTC, which keys count by. */
export function isoDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

export function sameRules(one: KeyRules, other: KeyRules): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
