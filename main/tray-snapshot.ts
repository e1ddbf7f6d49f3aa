import type { Api } from '../gateway/api/api.ts'
import type { CallRow, GatewayEvent, MethodName, MethodOutput, UpdateState } from '../gateway/contract.ts'
import type { TrayError, TraySnapshot } from './tray-menu.ts'

/** What the tray shows, kept up to date from the same events that the window gets; nothing is asked on a timer. */
export interface TrayState {
  current(): TraySnapshot
  set(changes: Partial<Pick<TraySnapshot, 'startAtLogin' | 'update' | 'freePort'>>): void
}

export interface TrayStatePorts {
  api: Api
  startAtLogin: boolean
  update: UpdateState
  freePort: number | undefined
  /** Told after every change. */
  onChange: () => void
}

const mostErrors = 5

export async function createTrayState(ports: TrayStatePorts): Promise<TrayState> {
  const { api, startAtLogin, update, freePort, onChange } = ports
  const [status, errors] = await Promise.all([ask(api, 'status.get', {}), recentErrors(api)])
  let snapshot: TraySnapshot = {
    status,
    ...(await configured(api)),
    errors,
    startAtLogin,
    update,
    freePort,
  }
  const set = (changes: Partial<TraySnapshot>): void => {
    snapshot = { ...snapshot, ...changes }
    onChange()
  }
  api.subscribe((event) => {
    const changes = changesOf(event, snapshot)
    if (changes !== undefined) set(changes)
    if (event.event === 'config') configured(api).then(set, () => undefined)
  })
  return { current: () => snapshot, set }
}

function changesOf(event: GatewayEvent, { errors }: TraySnapshot): Partial<TraySnapshot> | undefined {
  if (event.event === 'status') return { status: event.data }
  if (event.event === 'update') return { update: event.data }
  if (event.event !== 'calls') return undefined
  const failed = event.data.calls.filter(isError).reverse()
  return failed.length === 0 ? undefined : { errors: [...failed, ...errors].slice(0, mostErrors) }
}

function isError({ outcome }: CallRow): boolean {
  return outcome === 'error' || outcome === 'broken'
}

async function configured(api: Api): Promise<Pick<TraySnapshot, 'aliases' | 'cache'>> {
  const [{ aliases }, cache] = await Promise.all([ask(api, 'aliases.list', {}), ask(api, 'cache.get', {})])
  return { aliases, cache }
}

async function recentErrors(api: Api): Promise<TrayError[]> {
  const { calls } = await ask(api, 'traffic.list', { limit: mostErrors, filter: { outcome: 'failed' } })
  return calls
}

/** For the shell's own questions, whose input is right: what comes back otherwise is a bug or a store that fails. */
export async function ask<Name extends MethodName>(api: Api, method: Name, input: object): Promise<MethodOutput<Name>> {
  const result = await api.call(method, input)
  if (!result.ok) throw new Error(`${method}: ${result.error.message}`)
  return result.value as MethodOutput<Name>
}
