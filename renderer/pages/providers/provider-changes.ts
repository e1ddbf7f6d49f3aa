import type { Provider, ProviderEdit } from '../../../gateway/contract.ts'

/** What the edit form holds. Empty (undefined, '') means: the default counts. */
export interface ProviderForm {
  baseUrl: string
  /** One per line; empty: whatever the provider lists itself. */
  models: string
  priority: number | undefined
  timeoutMs: number | undefined
  connectTimeoutMs: number | undefined
  firstTokenTimeoutMs: number | undefined
  idleTimeoutMs: number | undefined
  maxRetries: number | undefined
}

export function startForm(provider: Provider): ProviderForm {
  return {
    baseUrl: provider.hasOwnBaseUrl ? provider.baseUrl : '',
    models: (provider.models ?? []).join('\n'),
    priority: provider.priority,
    timeoutMs: provider.timeoutMs,
    connectTimeoutMs: provider.connectTimeoutMs,
    firstTokenTimeoutMs: provider.firstTokenTimeoutMs ?? undefined,
    idleTimeoutMs: provider.idleTimeoutMs,
    maxRetries: provider.maxRetries,
  }
}

const numbers = [
  'priority',
  'timeoutMs',
  'connectTimeoutMs',
  'firstTokenTimeoutMs',
  'idleTimeoutMs',
  'maxRetries',
] as const satisfies (keyof ProviderForm)[]

/** Only what differs: what is not touched must not turn a default into a setting. */
export function formChanges(provider: Provider, form: ProviderForm): ProviderEdit {
  const before = startForm(provider)
  const edit: ProviderEdit = { name: provider.name }
  const baseUrl = form.baseUrl.trim()
  if (baseUrl !== before.baseUrl) edit.baseUrl = baseUrl === '' ? null : baseUrl
  const models = modelLines(form.models)
  if (models.join('\n') !== before.models) edit.models = models.length === 0 ? null : models
  for (const field of numbers) {
    if (form[field] !== before[field]) edit[field] = form[field] ?? null
  }
  return edit
}

export function hasChanges(edit: ProviderEdit): boolean {
  return Object.keys(edit).length > 1
}

/** Lines and commas part names; each counts once. */
export function modelLines(text: string): string[] {
  const names = text.split(/[\n,]/).map((line) => line.trim())
  return [...new Set(names.filter((line) => line !== ''))]
}
