import { hashClientKey, newClientKey, readKeyHash } from '../config/client-key.ts'
import { createTurns } from '../config/in-turn.ts'
import type { Config } from '../config/schema.ts'
import { tools } from '../connect/tools/index.ts'
import type { ClientKey, Limit, MethodInput } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { anonymousName } from '../pipeline/authenticate.ts'
import type { HandlersOf } from './api.ts'
import type { KeyUse, ReadKeyUse } from './client-keys-use.ts'
import {
  createEdits,
  requireClientKey,
  revokeEdits,
  rotateEdits,
  updateEdits,
  writtenClientKeys,
  type WrittenClientKey,
} from './client-keys-written.ts'
import type { Configuration } from './configuration.ts'
import { writtenData } from './keys-reference.ts'
import { playgroundKey } from './playground.ts'
import { toolOfKeyName } from './tool-keys.ts'

export interface ClientKeysPorts {
  configuration: Configuration
  /** Why nothing can be written; undefined: it can. */
  whyReadOnly: () => Promise<string | undefined>
  readUse: ReadKeyUse
  /** Milliseconds since 1970. */
  now: () => number
}

/** Keys by which callers are known. A new secret leaves the gateway in one answer, and nothing of it but a hash stays. */
export function createClientKeysHandlers(ports: ClientKeysPorts): HandlersOf<'clientKeys'> {
  const { configuration, now } = ports
  // One after the other: what a rotation is made of must be what it replaces.
  const inTurn = createTurns()
  return {
    'clientKeys.list': () => listKeys(ports),
    'clientKeys.create': (input) =>
      inTurn(async () => {
        checkNew(input, now())
        const key = newClientKey()
        const entry = { ...input, hash: hashClientKey(key), createdAt: now() }
        const { undo } = await configuration.edit((data) => createEdits(data, entry))
        return { key, undo }
      }),
    'clientKeys.update': (input) =>
      inTurn(async () => {
        checkLimit(input.limit)
        return configuration.edit((data) => updateEdits(data, input))
      }),
    'clientKeys.rotate': (input) => inTurn(() => rotateKey(input, ports)),
    'clientKeys.revoke': ({ name, revoked }) => configuration.edit((data) => revokeEdits(data, name, revoked)),
    'clientKeys.remove': ({ name }) =>
      configuration.edit((data) => [{ path: requireClientKey(data, name).path, value: undefined }]),
  }
}

async function listKeys({ configuration, whyReadOnly, readUse, now }: ClientKeysPorts) {
  const { keys: loaded, anonymous } = configuration.current().config.auth
  const written = writtenClientKeys(writtenData(await configuration.text()))
  // What the process was started with need not stand in a file that can be written.
  const names = [...new Set([...written.map(({ name }) => name), ...loaded.map(({ name }) => name)])]
  const [uses, why] = await Promise.all([readUse(names), whyReadOnly()])
  const keys = names.map((name) =>
    keyView({
      name,
      loaded: loaded.find((key) => key.name === name),
      written: written.find((key) => key.name === name),
      use: uses.get(name),
      now: now(),
    }),
  )
  return { keys, anonymous, whyReadOnly: why ?? null }
}

type LoadedKey = Config['auth']['keys'][number]

interface Viewed {
  name: string
  /** undefined: what it refers to is set nowhere. */
  loaded: LoadedKey | undefined
  written: WrittenClientKey | undefined
  use: KeyUse | undefined
  now: number
}

function keyView({ name, loaded, written, use, now }: Viewed): ClientKey {
  const { models, rateLimit, created, expires, previous, hash } = loaded ?? {}
  const id = hash === undefined ? undefined : readKeyHash(hash).id
  const tool = hash === undefined ? undefined : toolOfKeyName(name, tools)
  return {
    name,
    starts: id === undefined ? null : `gw-${id}`,
    state: stateOf(loaded, now),
    models: models ?? null,
    limit: rateLimit === undefined ? null : limitOf(rateLimit),
    createdAt: created ?? null,
    expiresAt: expires ?? null,
    previousUntil: previous !== undefined && previous.expires > now ? previous.expires : null,
    tool: tool === undefined ? null : { id: tool.id, name: tool.name },
    whyNotRotated: whyNotRotated({ name, loaded, written, now }) ?? null,
    calls: use?.calls ?? 0,
    costNanoUsd: use?.costNanoUsd ?? 0,
    lastUsedAt: use?.lastUsedAt ?? null,
  }
}

function stateOf(key: LoadedKey | undefined, now: number): ClientKey['state'] {
  if (key === undefined) return 'missing'
  if (key.disabled) return 'revoked'
  return key.expires !== undefined && now >= key.expires ? 'expired' : 'active'
}

function limitOf({ window: windowMs, ...amounts }: NonNullable<LoadedKey['rateLimit']>): Limit {
  return { ...amounts, windowMs }
}

function whyNotRotated({ name, loaded, written, now }: Omit<Viewed, 'use'>): string | undefined {
  if (written?.entry['hash'] === undefined) {
    return 'It is written out in the configuration (key:), so it is changed there. Or make another key and remove this one.'
  }
  const tool = toolOfKeyName(name, tools)
  if (tool !== undefined) {
    return `It stands in the settings of ${tool.name}. Remove it here and connect ${tool.name} again: that makes a new one.`
  }
  const state = stateOf(loaded, now)
  if (state === 'revoked') return 'It is revoked. Let it in again first.'
  return state === 'expired' ? 'It is expired. Give it a later day first.' : undefined
}

async function rotateKey({ name, graceMs }: MethodInput<'clientKeys.rotate'>, { configuration, now }: ClientKeysPorts) {
  const key = newClientKey()
  const loaded = configuration.current().config.auth.keys.find((each) => each.name === name)
  const { undo } = await configuration.edit((data) => {
    const written = requireClientKey(data, name)
    const why = whyNotRotated({ name, loaded, written, now: now() })
    if (why !== undefined) throw new GatewayError('invalid_request', `"${name}" was not given a new secret. ${why}`)
    return rotateEdits(data, { name, hash: hashClientKey(key), oldUntil: graceMs === 0 ? undefined : now() + graceMs })
  })
  return { key, undo }
}

function checkNew({ name, limit, expiresAt }: MethodInput<'clientKeys.create'>, now: number): void {
  checkLimit(limit)
  if (expiresAt !== null && expiresAt <= now) {
    throw new GatewayError('invalid_request', 'That day is over: choose a later one, or none.', { param: 'expiresAt' })
  }
  if (name === anonymousName || name === playgroundKey) {
    const text = `Calls that have no key of their own are counted under "${name}": choose another name.`
    throw new GatewayError('invalid_request', text, { param: 'name' })
  }
  const tool = toolOfKeyName(name, tools)
  if (tool === undefined) return
  const text = `Connect gives ${tool.name} a key of that name. Connect it there, or choose another name.`
  throw new GatewayError('invalid_request', text, { param: 'name' })
}

/** Said here, where the form's own field can be named. */
function checkLimit(limit: Limit | null): void {
  if (limit === null || limit.requests !== undefined || limit.tokens !== undefined) return
  throw new GatewayError('invalid_request', 'Give a number of requests, of tokens, or both.', { param: 'limit' })
}
