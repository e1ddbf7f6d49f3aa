import { methods, type KeyState, type Status } from '../../../gateway/contract.ts'
import { asSentence } from './sentence.ts'

/** A key that is being typed, and where it shall be kept. */
export interface KeyDraft {
  text: string
  /** `environment`: nothing is typed, a variable is set where the gateway is started. */
  way: 'keep' | 'environment'
  consentsToFile: boolean
  /** Of a variable, for a server that need not ask for a key: it does. */
  isAskedFor: boolean
}

export function startKeyDraft({ kind }: Status['secretStore']): KeyDraft {
  return { text: '', way: kind === 'none' ? 'environment' : 'keep', consentsToFile: false, isAskedFor: false }
}

/** What is wrong with it, before anybody is asked; an empty one is no key, which may be meant. */
export function keyDraftProblem(draft: KeyDraft, { kind }: Pick<Status['secretStore'], 'kind'>): string | undefined {
  if (draft.way === 'environment' || draft.text.trim() === '') return undefined
  const parsed = methods['keys.set'].input.shape.key.safeParse(draft.text)
  if (!parsed.success) return asSentence(`The key ${parsed.error.issues[0]?.message ?? 'is not one'}`)
  if (kind === 'none' && !draft.consentsToFile) return 'Tick the box below to keep it in a file.'
  return undefined
}

/** What `keys.set` takes; undefined: there is nothing to keep. */
export function typedKey(draft: KeyDraft): { key: string; consentToFile?: boolean } | undefined {
  const key = draft.text.trim()
  if (draft.way === 'environment' || key === '') return undefined
  return draft.consentsToFile ? { key, consentToFile: true } : { key }
}

/** Whether the entry must name a variable that its kind of server alone would not make it name. */
export function refersToKey({ way, isAskedFor }: KeyDraft): boolean {
  return way === 'environment' && isAskedFor
}

/** The line that sets a variable where the gateway is started. The value is left to the user: it belongs in no history. */
export function exportLine(name: string, platform: string): string {
  return platform === 'win32' ? `setx ${name} "your-key"` : `export ${name}="your-key"`
}

export interface NewReference {
  provider: string
  /** Of the catalogue. */
  keyName: string | null
  /** Keys of the providers that are there already. */
  present: readonly KeyState[]
}

/** The variable a new provider's key will be read from: the vendor's usual one, or one of its own where that is taken. */
export function newReference({ provider, keyName, present }: NewReference): string {
  const taken = present.some(({ reference }) => reference === keyName)
  if (keyName !== null && !taken) return keyName
  const letters = provider.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')
  return `${/^\d/.test(letters) ? '_' : ''}${letters}_API_KEY`
}
