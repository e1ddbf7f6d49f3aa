import type { GuardRule } from '../../../gateway/contract.ts'
import { linesOf } from '../../lib/lines-of.ts'

/** A guard as it stands in the form. */
export interface GuardDraft {
  name: string
  check: GuardRule['check']
  action: GuardRule['action']
  onRequest: boolean
  onResponse: boolean
  /** One pattern per line; empty: all calls. */
  aliases: string
  /** null: all that are not optional. */
  detectors: readonly string[] | null
  /** One text per line. */
  allow: string
}

export type GuardProblems = Partial<Record<'name' | 'action' | 'on' | 'detectors', string>>

export const startDraft: GuardDraft = {
  name: '',
  check: 'secrets',
  action: 'redact',
  onRequest: true,
  onResponse: false,
  aliases: '',
  detectors: null,
  allow: '',
}

/** Two that most want; each is a click away on an empty page. */
export const suggestions: readonly GuardRule[] = [
  suggestion({ name: 'keep-secrets', check: 'secrets', action: 'redact' }),
  suggestion({ name: 'watch-injection', check: 'prompt-injection', action: 'flag' }),
]

function suggestion(rule: Pick<GuardRule, 'name' | 'check' | 'action'>): GuardRule {
  return { ...rule, on: ['request'], aliases: null, detectors: null, allow: [] }
}

export function draftOf(rule: GuardRule): GuardDraft {
  return {
    name: rule.name,
    check: rule.check,
    action: rule.action,
    onRequest: rule.on.includes('request'),
    onResponse: rule.on.includes('response'),
    aliases: (rule.aliases ?? []).join('\n'),
    detectors: rule.detectors,
    allow: rule.allow.join('\n'),
  }
}

export function ruleOf(draft: GuardDraft): GuardRule {
  const aliases = linesOf(draft.aliases)
  return {
    name: draft.name.trim(),
    check: draft.check,
    action: draft.action,
    on: [...(draft.onRequest ? (['request'] as const) : []), ...(draft.onResponse ? (['response'] as const) : [])],
    aliases: aliases.length === 0 ? null : aliases,
    detectors: draft.detectors === null ? null : [...draft.detectors],
    allow: linesOf(draft.allow),
  }
}

/** Another check has other detectors, and not every action. */
export function withCheck(draft: GuardDraft, check: GuardRule['check']): GuardDraft {
  const action = check === 'prompt-injection' && draft.action === 'redact' ? 'flag' : draft.action
  return { ...draft, check, action, detectors: null }
}

/** What keeps it from being saved. `taken`: names of the other guards. */
export function draftProblems(draft: GuardDraft, taken: readonly string[]): GuardProblems {
  const problems: GuardProblems = {}
  const name = draft.name.trim()
  if (name === '') problems.name = 'Give it a name; Traffic and errors say it.'
  else if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) problems.name = 'Use letters, digits, ".", "_" and "-".'
  else if (taken.includes(name)) problems.name = `There is a guard named ${name} already.`
  if (draft.check === 'prompt-injection' && draft.action === 'redact') {
    problems.action = 'An attempt to change the orders cannot be taken out of a text; flag it or refuse the call.'
  }
  if (!draft.onRequest && !draft.onResponse) problems.on = 'Choose where to look.'
  if (draft.detectors !== null && draft.detectors.length === 0) problems.detectors = 'Choose at least one.'
  return problems
}
