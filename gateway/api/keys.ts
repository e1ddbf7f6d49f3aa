import { createTurns } from '../config/in-turn.ts'
import type { ConfigEdit } from '../config/save.ts'
import type { MethodInput, MethodOutput } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { findRow } from '../providers/provider.ts'
import type { FoundSecret, Secrets } from '../stores/secrets.ts'
import type { HandlersOf } from './api.ts'
import { keyName, writtenData, writtenProviders, type WrittenProvider } from './keys-reference.ts'
import type { RestoringConfiguration } from './keys-restore.ts'
import { keyStateOf } from './keys-state.ts'

export interface KeysPorts {
  configuration: RestoringConfiguration
  secrets: Secrets
}

export function createKeysHandlers(ports: KeysPorts): HandlersOf<'keys'> {
  // One after the other: two new keys at once could be given the same name.
  const inTurn = createTurns()
  return {
    'keys.set': (input) => inTurn(() => setKey(input, ports)),

    async 'keys.remove'({ provider }) {
      let all: WrittenProvider[] = []
      const change = await ports.configuration.edit((data) => {
        all = writtenProviders(data)
        return [{ path: ['providers', requireWritten(provider, all).index, 'apiKey'], value: undefined }]
      })
      await removeKeyOf(provider, all, { ...ports, undo: change.undo })
      return change
    },
  }
}

async function setKey(
  { provider, key, consentToFile }: MethodInput<'keys.set'>,
  { configuration, secrets }: KeysPorts,
): Promise<MethodOutput<'keys.set'>> {
  const all = writtenProviders(writtenData(await configuration.text()))
  const name = keyName(provider, rowOf(requireWritten(provider, all).entry), all)
  const before = await secrets.get(name).catch(() => undefined)
  await secrets.set(name, key, consentToFile === undefined ? {} : { consentToFile })
  // Also where the text stays as it is: the key in force is read when the configuration is taken up.
  const edits = (data: unknown): ConfigEdit[] => {
    const { index } = requireWritten(provider, writtenProviders(data))
    return [{ path: ['providers', index, 'apiKey'], value: `\${${name}}` }]
  }
  await configuration.edit(edits).catch(async (error: unknown) => {
    await putBack(name, before, secrets)
    throw error
  })
  return { key: await keyStateOf({ reference: name, loaded: key }, secrets) }
}

/** After the entry is gone: its key too, unless another provider refers to it. Taking the edit back brings it back. */
export async function removeKeyOf(
  provider: string,
  all: readonly WrittenProvider[],
  { configuration, secrets, undo }: KeysPorts & { undo: string },
): Promise<void> {
  const name = all.find((each) => each.name === provider)?.reference
  if (name === undefined || all.some((each) => each.name !== provider && each.reference === name)) return
  const found = await secrets.get(name).catch(() => undefined)
  // What stands in the environment is not ours to remove.
  if (found === undefined || found.from === 'environment') return
  await secrets.delete(name)
  let meanwhile: FoundSecret | undefined
  configuration.beforeUndo(undo, {
    async bringBack() {
      meanwhile = await secrets.get(name).catch(() => undefined)
      await putBack(name, found, secrets)
    },
    // Another key may have got that name since.
    takeAway: () => putBack(name, meanwhile, secrets),
  })
}

async function putBack(name: string, before: FoundSecret | undefined, secrets: Secrets): Promise<void> {
  if (before === undefined) return secrets.delete(name)
  if (before.from === 'environment') return secrets.delete(name).catch(() => undefined)
  // Whoever had it in a file has agreed to a file.
  await secrets.set(name, before.value, { consentToFile: before.from === 'file' })
}

export function requireWritten(provider: string, all: readonly WrittenProvider[]): WrittenProvider {
  const found = all.find(({ name }) => name === provider)
  if (found !== undefined) return found
  throw new GatewayError('not_found', `There is no provider "${provider}" in the configuration; add it first.`)
}

export function rowOf(entry: Record<string, unknown>): ReturnType<typeof findRow> {
  const { type, name } = entry
  const wanted = typeof type === 'string' ? type : name
  return typeof wanted === 'string' ? findRow(wanted) : undefined
}
