import { toConfigInput } from '../config/print.ts'
import type { Provider as ProviderView, ProviderEdit } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import type { Breaker } from '../pipeline/breaker.ts'
import type { ProviderHealth } from '../pipeline/health.ts'
import { findRow, providerRows } from '../providers/provider.ts'
import type { HandlersOf } from './api.ts'
import { catalogEntry } from './catalog.ts'
import { keyName, writtenData, writtenProviders, type WrittenProvider } from './keys-reference.ts'
import { keyStateOf } from './keys-state.ts'
import { removeKeyOf, requireWritten, type KeysPorts } from './keys.ts'
import { checkProvider, type CheckPorts } from './providers-check.ts'
import { withHeaderValues } from './providers-headers.ts'
import { orderEdits, removeEdits, saveEdits } from './providers-edits.ts'
import { aliasesOf, providerView, type RoutingView } from './providers-view.ts'

export interface ProvidersPorts extends KeysPorts, CheckPorts {
  current: () => RoutingView
  health: ProviderHealth
  breaker: Breaker
}

export function createProvidersHandlers(ports: ProvidersPorts): HandlersOf<'providers'> {
  const { configuration, secrets } = ports
  const written = async (): Promise<unknown> => writtenData(await configuration.text())
  return {
    'providers.catalog': () => ({ entries: providerRows.map(catalogEntry) }),

    'providers.list': async () => ({ providers: await listProviders(ports, await written()) }),

    'providers.save': (edit) => configuration.edit((data) => saveEdits(edit, data)),

    async 'providers.remove'({ name }) {
      let all: WrittenProvider[] = []
      const change = await configuration.edit((data) => {
        all = writtenProviders(data)
        return removeEdits(name, requireWritten(name, all).index, data)
      })
      await removeKeyOf(name, all, { configuration, secrets, undo: change.undo })
      return change
    },

    'providers.order': async ({ names }) => {
      if (new Set(names).size < names.length) {
        throw new GatewayError('invalid_request', 'A provider is named twice in this order.', { param: 'names' })
      }
      return configuration.edit((data) => {
        const all = writtenProviders(data)
        for (const name of names) requireWritten(name, all)
        const present = configuration.current().config.providers.map((provider, order) => ({ ...provider, order }))
        return orderEdits(names, present, data)
      })
    },

    async 'providers.check'({ provider, key }) {
      const edit = await withHeaderValues(provider, secrets)
      const all = writtenProviders(await written())
      const known = all.find(({ name }) => name === edit.name)
      const reference = known?.reference ?? keyName(edit.name, findRow(edit.type ?? edit.name), all)
      const entry = toConfigInput(configuration.current().config).providers?.find(({ name }) => name === edit.name)
      // A key found by its name alone is for the vendor's own address: a link may propose any other one.
      const isElsewhere = known === undefined && typeof edit.baseUrl === 'string'
      const found = isElsewhere ? undefined : await secrets.get(reference).catch(() => undefined)
      const kept = entry?.apiKey ?? found?.value
      if (key === undefined && kept !== undefined) refuseElsewhere(edit, entry)
      return checkProvider({ edit, entry: entryAt(edit, entry), key: key ?? kept, reference }, ports)
    },
  }
}

type WrittenEntry = NonNullable<ReturnType<typeof toConfigInput>['providers']>[number]

/** A key that was given for one address is not tried at another by itself: a draft may come from a link or a typing error. */
function refuseElsewhere(edit: ProviderEdit, entry: WrittenEntry | undefined): void {
  const move = moveOf(edit, entry)
  if (move === undefined) return
  const text = `The key that is kept was given for ${move.from}. Type a key to try it at ${move.to}.`
  throw new GatewayError('invalid_request', text, { param: 'key' })
}

/** Nor are headers that are kept: any of them may be a key. */
function entryAt(edit: ProviderEdit, entry: WrittenEntry | undefined): object | undefined {
  return entry === undefined || moveOf(edit, entry) === undefined ? entry : { ...entry, headers: undefined }
}

/** From which server to which a draft moves; undefined: it stays. */
function moveOf(
  { name, type, baseUrl }: ProviderEdit,
  entry: WrittenEntry | undefined,
): { from: string; to: string } | undefined {
  const home = entry?.baseUrl ?? findRow(type ?? entry?.type ?? name)?.endpoints[0]?.baseUrl
  if (home === undefined || typeof baseUrl !== 'string') return undefined
  const [from, to] = [new URL(home).origin, new URL(baseUrl).origin]
  return from === to ? undefined : { from, to }
}

/** In the order in which they are asked. The built-in demo of an empty configuration is not one of them. */
async function listProviders(ports: ProvidersPorts, written: unknown): Promise<ProviderView[]> {
  const { configuration, secrets, health, breaker, current } = ports
  const { providers, table, probe } = current()
  const entries = new Map(writtenProviders(written).map((each) => [each.name, each]))
  const circuits = breaker.open()
  const views = configuration.current().config.providers.flatMap((config) => {
    const provider = providers.find(({ name }) => name === config.name)
    return provider === undefined ? [] : [{ config, provider }]
  })
  const listed = await Promise.all(
    views.map(async ({ config, provider }) => {
      const { name } = provider
      const key = await keyStateOf({ reference: entries.get(name)?.reference, loaded: config.apiKey }, secrets)
      const checked = probe.last(provider)
      return providerView({
        provider,
        config,
        writtenHeaders: entries.get(name)?.entry['headers'],
        key,
        record: health.of(name),
        checked,
        circuits,
        aliases: aliasesOf(name, table),
      })
    }),
  )
  // Stable: those of one priority stay in the order of the file.
  return listed.toSorted((one, other) => one.priority - other.priority)
}
