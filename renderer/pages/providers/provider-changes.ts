import type { Provider, ProviderEdit } from '../../../gateway/contract.ts'
import { moreChanges, startMore, type MoreForm } from './more-form.ts'

/** What the edit form holds. Empty means: the default counts. */
export interface ProviderForm extends MoreForm {
  baseUrl: string
  /** One per line; empty: whatever the provider lists itself. */
  models: string
}

export function startForm(provider: Provider): ProviderForm {
  return {
    ...startMore(provider),
    baseUrl: provider.hasOwnBaseUrl ? provider.baseUrl : '',
    models: (provider.models ?? []).join('\n'),
  }
}

/** Only what differs: what is not touched must not turn a default into a setting. */
export function formChanges(provider: Provider, form: ProviderForm): ProviderEdit {
  const before = startForm(provider)
  const edit: ProviderEdit = { name: provider.name, ...moreChanges(before, form) }
  const baseUrl = form.baseUrl.trim()
  if (baseUrl !== before.baseUrl) edit.baseUrl = baseUrl === '' ? null : baseUrl
  const models = modelLines(form.models)
  if (models.join('\n') !== before.models) edit.models = models.length === 0 ? null : models
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
