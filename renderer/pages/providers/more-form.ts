import {
  methods,
  type Provider,
  type ProviderEdit,
  type ProviderHeader,
  type WireFormat,
} from '../../../gateway/contract.ts'
import { countOf } from './provider-words.ts'
import { asSentence } from './sentence.ts'

/** What both forms of a provider have under "More". Empty (undefined, '', no row) means: the default counts. Pure. */
export interface MoreForm {
  /** The preferred one first; empty: what is known of its type. */
  dialects: readonly WireFormat[]
  apiVersion: string
  deployments: readonly Pair[]
  headers: readonly HeaderDraft[]
  modelMap: readonly Pair[]
  priority: number | undefined
  timeoutMs: number | undefined
  connectTimeoutMs: number | undefined
  firstTokenTimeoutMs: number | undefined
  idleTimeoutMs: number | undefined
  maxRetries: number | undefined
}

export interface Pair {
  from: string
  to: string
}

export interface HeaderDraft {
  name: string
  /** As the gateway has it; undefined: it is new. */
  kept: ProviderHeader | undefined
  /** undefined: the kept value stays, which is never shown. */
  value: string | undefined
}

/** Of a provider that is being added. */
export const untouched: MoreForm = {
  dialects: [],
  apiVersion: '',
  deployments: [],
  headers: [],
  modelMap: [],
  priority: undefined,
  timeoutMs: undefined,
  connectTimeoutMs: undefined,
  firstTokenTimeoutMs: undefined,
  idleTimeoutMs: undefined,
  maxRetries: undefined,
}

/** What counts where nothing is set, to be shown in empty fields. */
export const usual = {
  priority: 100,
  timeoutMs: 600_000,
  connectTimeoutMs: 10_000,
  idleTimeoutMs: 120_000,
  maxRetries: 2,
} as const satisfies Partial<MoreForm>

export function startMore(provider: Provider): MoreForm {
  return {
    dialects: provider.dialects ?? [],
    apiVersion: provider.apiVersion ?? '',
    deployments: pairsOf(provider.deployments),
    headers: provider.headers.map((kept) => ({ name: kept.name, kept, value: undefined })),
    modelMap: pairsOf(provider.modelMap),
    priority: provider.priority,
    timeoutMs: provider.timeoutMs,
    connectTimeoutMs: provider.connectTimeoutMs,
    firstTokenTimeoutMs: provider.firstTokenTimeoutMs ?? undefined,
    idleTimeoutMs: provider.idleTimeoutMs,
    maxRetries: provider.maxRetries,
  }
}

function pairsOf(members: Record<string, string>): Pair[] {
  return Object.entries(members).map(([from, to]) => ({ from, to }))
}

const numbers = [
  'priority',
  'timeoutMs',
  'connectTimeoutMs',
  'firstTokenTimeoutMs',
  'idleTimeoutMs',
  'maxRetries',
] as const satisfies (keyof MoreForm)[]

/** Only what differs: what is not touched must not turn a default into a setting. */
export function moreChanges(before: MoreForm, form: MoreForm): Omit<ProviderEdit, 'name'> {
  const edit: Omit<ProviderEdit, 'name'> = {}
  if (form.dialects.join() !== before.dialects.join())
    edit.dialects = form.dialects.length === 0 ? null : [...form.dialects]
  const apiVersion = form.apiVersion.trim()
  if (apiVersion !== before.apiVersion) edit.apiVersion = apiVersion === '' ? null : apiVersion
  for (const field of ['deployments', 'modelMap'] as const) {
    const changes = pairChanges(before[field], form[field])
    if (Object.keys(changes).length > 0) edit[field] = changes
  }
  const headers = headerChanges(before.headers, form.headers)
  if (Object.keys(headers).length > 0) edit.headers = headers
  for (const field of numbers) {
    if (form[field] !== before[field]) edit[field] = form[field] ?? null
  }
  return edit
}

type MemberChanges = Record<string, string | null>

/** Member by member: one that is not named stays as it is written. */
function pairChanges(before: readonly Pair[], after: readonly Pair[]): MemberChanges {
  const [old, now] = [membersOf(before), membersOf(after)]
  const set = [...now].filter(([from, to]) => old.get(from) !== to)
  const gone = [...old.keys()].filter((from) => !now.has(from)).map((from) => [from, null] as const)
  return Object.fromEntries([...set, ...gone])
}

/** Without rows that nothing was typed into. */
function membersOf(pairs: readonly Pair[]): Map<string, string> {
  return new Map(pairs.filter((pair) => !isBlank(pair)).map(({ from, to }) => [from.trim(), to.trim()]))
}

function isBlank({ from, to }: Pair): boolean {
  return from.trim() === '' && to.trim() === ''
}

function headerChanges(before: readonly HeaderDraft[], after: readonly HeaderDraft[]): MemberChanges {
  const typed = typedHeaders(after)
  const set = typed.flatMap(({ name, value }) => (value === undefined ? [] : [[name.trim(), value.trim()] as const]))
  const names = new Set(typed.map(({ name }) => lowerCase(name)))
  const gone = before.filter(({ name }) => !names.has(lowerCase(name))).map(({ name }) => [name, null] as const)
  return Object.fromEntries([...set, ...gone])
}

function typedHeaders(headers: readonly HeaderDraft[]): HeaderDraft[] {
  return headers.filter(({ name, value, kept }) => kept !== undefined || !isBlank({ from: name, to: value ?? '' }))
}

function lowerCase(name: string): string {
  return name.trim().toLowerCase()
}

export type MoreProblems = { [Field in 'apiVersion' | 'deployments' | 'headers' | 'modelMap']?: string }

/** By the contract's own rules, plus what only the rows know. Empty: it can be tested and saved. */
export function moreProblems(form: MoreForm): MoreProblems {
  const problems: MoreProblems = {}
  const parsed = methods['providers.save'].input.safeParse({ name: 'any', ...moreChanges(untouched, form) })
  for (const issue of parsed.error?.issues ?? []) {
    const [field, member] = issue.path
    // Of a key of a record the cause stands one deeper.
    const text = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message
    if (field === 'apiVersion') problems.apiVersion ??= asSentence(text)
    if (field === 'deployments' || field === 'headers' || field === 'modelMap') {
      problems[field] ??= asSentence(member === undefined ? text : `“${String(member)}”: ${text}`)
    }
  }
  for (const field of ['deployments', 'modelMap'] as const) {
    const problem = pairProblem(form[field])
    if (problem !== undefined) problems[field] = problem
  }
  const problem = headerProblem(form.headers)
  if (problem !== undefined) problems.headers = problem
  return problems
}

function pairProblem(pairs: readonly Pair[]): string | undefined {
  const filled = pairs.filter((pair) => !isBlank(pair))
  if (filled.some(({ from, to }) => from.trim() === '' || to.trim() === '')) return 'Fill in both sides of each row.'
  return twice(filled.map(({ from }) => from.trim()))
}

function headerProblem(headers: readonly HeaderDraft[]): string | undefined {
  const typed = typedHeaders(headers)
  if (typed.some(({ name, value }) => name.trim() === '' || value?.trim() === '')) {
    return 'Give each header a name and a value.'
  }
  return twice(typed.map(({ name }) => lowerCase(name)))
}

function twice(names: readonly string[]): string | undefined {
  const repeated = names.find((name, index) => names.indexOf(name) < index)
  return repeated === undefined ? undefined : `“${repeated}” stands twice. Remove one of the rows.`
}

/** What is set, so that nobody need open it to know: `2 headers, 1 stand-in`. */
export function moreSummary({ dialects, headers, modelMap }: MoreForm): string {
  const counts: [count: number, one: string, many: string][] = [
    [dialects.length, 'wire format', 'wire formats'],
    [typedHeaders(headers).length, 'header', 'headers'],
    [membersOf(modelMap).size, 'stand-in', 'stand-ins'],
  ]
  const parts = counts.filter(([count]) => count > 0).map((words) => countOf(...words))
  return parts.length === 0 ? 'Headers, stand-ins, order, patience and retries' : parts.join(', ')
}

const formats: Record<WireFormat, string> = {
  'openai-chat': 'OpenAI Chat Completions',
  'openai-responses': 'OpenAI Responses',
  'anthropic-messages': 'Anthropic Messages',
  gemini: 'Gemini',
}

export function formatWords(format: WireFormat): string {
  return formats[format]
}

/** `set`, `from TEAM_TOKEN`, `TEAM_TOKEN is nowhere to be found`: never a value. */
export function headerWords({ state, reference }: ProviderHeader): string {
  if (state === 'missing') return `${reference ?? 'Its value'} is nowhere to be found`
  return reference === null ? 'set' : `from ${reference}`
}
