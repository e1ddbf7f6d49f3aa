import type { Alias, CacheState, CallRow, Status, UpdateState } from '../gateway/contract.ts'
import { formatUsd } from './format-usd.ts'

/** Everything the tray shows, as the window got it told. */
export interface TraySnapshot {
  status: Pick<Status, 'state' | 'reasons' | 'url' | 'port' | 'todayCostNanoUsd' | 'usesDemo'>
  aliases: readonly Pick<Alias, 'name' | 'targets'>[]
  cache: Pick<CacheState, 'enabled'>
  /** Newest first. */
  errors: readonly TrayError[]
  startAtLogin: boolean
  update: UpdateState
  /** The port that is free instead of the taken one. */
  freePort: number | undefined
}

export type TrayError = Pick<CallRow, 'callId' | 'startedAt' | 'requestedModel' | 'provider' | 'status' | 'errorCode'>

export type TrayAction =
  | { do: 'open'; path?: string }
  | { do: 'pause'; paused: boolean }
  | { do: 'copy'; text: string }
  | { do: 'prefer'; alias: string; target: number }
  | { do: 'cache'; enabled: boolean }
  | { do: 'start-at-login'; enabled: boolean }
  | { do: 'update'; step: 'check' | 'download' | 'install' }
  | { do: 'use-port'; port: number }
  | { do: 'quit' }

export type MenuItemSpec =
  | { type: 'separator' }
  | { type: 'label'; label: string }
  | { type: 'action'; label: string; action: TrayAction }
  | { type: 'checkbox' | 'radio'; label: string; checked: boolean; action: TrayAction }
  | { type: 'submenu'; label: string; items: MenuItemSpec[] }

/** An endless submenu cannot be used (clash-nyanpasu#545). */
const mostAliases = 12
const mostErrors = 5
const longestLabel = 60

/** The tray's menu, top to bottom. Times of errors are shown in the time zone of `time`. */
export function trayMenu(snapshot: TraySnapshot, time: (at: number) => string): MenuItemSpec[] {
  const { status, freePort } = snapshot
  return [
    { type: 'label', label: statusLine(status) },
    ...status.reasons.slice(0, 1).map((reason): MenuItemSpec => ({ type: 'label', label: cut(reason) })),
    { type: 'separator' },
    action('Open', { do: 'open' }),
    ...(freePort === undefined ? [] : [action(`Use port ${freePort} instead`, { do: 'use-port', port: freePort })]),
    ...pauseItem(status),
    ...copyItem(snapshot),
    ...aliasItems(snapshot.aliases),
    check('Cache on', snapshot.cache.enabled, { do: 'cache', enabled: !snapshot.cache.enabled }),
    { type: 'submenu', label: 'Recent errors', items: errorItems(snapshot.errors, time) },
    { type: 'separator' },
    check('Start at login', snapshot.startAtLogin, { do: 'start-at-login', enabled: !snapshot.startAtLogin }),
    updateItem(snapshot.update),
    { type: 'separator' },
    action('Quit', { do: 'quit' }),
  ]
}

/** The first line of the menu, and the tooltip. */
export function statusLine({ state, url, port, todayCostNanoUsd }: TraySnapshot['status']): string {
  const today = `${formatUsd(todayCostNanoUsd)} today`
  if (url === null) return `Not running: port ${port} is taken`
  return state === 'stopped' ? `Paused - ${today}` : `Running on ${port} - ${today}`
}

function pauseItem({ state, url }: TraySnapshot['status']): MenuItemSpec[] {
  if (url === null) return []
  const paused = state !== 'stopped'
  return [action(paused ? 'Pause' : 'Resume', { do: 'pause', paused })]
}

function copyItem({ status: { url, usesDemo }, aliases }: TraySnapshot): MenuItemSpec[] {
  if (url === null) return []
  const model = usesDemo ? 'demo' : (aliases[0]?.name ?? 'MODEL')
  const items = [
    action('OpenAI base URL', { do: 'copy', text: `${url}/v1` }),
    action('Anthropic base URL', { do: 'copy', text: url }),
    action('Gemini base URL', { do: 'copy', text: url }),
    action('curl', { do: 'copy', text: curl(url, model) }),
  ]
  return [
    { type: 'submenu', label: 'Copy address', items },
    action('Connect tools...', { do: 'open', path: '/connect' }),
  ]
}

function curl(url: string, model: string): string {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello!' }] }).replaceAll(
    "'",
    String.raw`'\''`,
  )
  return `curl ${url}/v1/chat/completions -H 'content-type: application/json' -d '${body}'`
}

/** Only aliases with several targets: there is nothing to choose in the others. */
function aliasItems(aliases: TraySnapshot['aliases']): MenuItemSpec[] {
  const several = aliases.filter(({ targets }) => targets.length > 1)
  if (several.length === 0) return []
  const shown = several.slice(0, mostAliases).map(({ name, targets }): MenuItemSpec => ({
    type: 'submenu',
    label: cut(name),
    items: targets.map(({ provider, model }, target) => ({
      type: 'radio',
      label: cut(`${provider} / ${model}`),
      checked: target === 0,
      action: { do: 'prefer', alias: name, target },
    })),
  }))
  const more = several.length > mostAliases ? [action('More...', { do: 'open', path: '/models' })] : []
  return [{ type: 'submenu', label: 'Aliases', items: [...shown, ...more] }]
}

function errorItems(errors: readonly TrayError[], time: (at: number) => string): MenuItemSpec[] {
  if (errors.length === 0) return [{ type: 'label', label: 'None' }]
  return errors.slice(0, mostErrors).map(({ callId, startedAt, requestedModel, provider, status, errorCode }) => {
    const what = [requestedModel, provider, status, errorCode].filter((part) => part !== null).join(' ')
    return action(cut(`${time(startedAt)} ${what}`), { do: 'open', path: `/traffic/${encodeURIComponent(callId)}` })
  })
}

function updateItem({ state, version, progress }: UpdateState): MenuItemSpec {
  switch (state) {
    case 'checking':
      return { type: 'label', label: 'Checking for updates...' }
    case 'downloading':
      return { type: 'label', label: `Downloading ${version ?? 'the update'}: ${Math.round((progress ?? 0) * 100)} %` }
    case 'available':
      return action(`Download ${version ?? 'the update'}`, { do: 'update', step: 'download' })
    case 'ready':
      return action(`Restart to update to ${version ?? 'the new version'}`, { do: 'update', step: 'install' })
    default:
      return action('Check for updates', { do: 'update', step: 'check' })
  }
}

function action(label: string, what: TrayAction): MenuItemSpec {
  return { type: 'action', label, action: what }
}

function check(label: string, checked: boolean, what: TrayAction): MenuItemSpec {
  return { type: 'checkbox', label, checked, action: what }
}

/** `&` marks an access key in menus; two of them are one. */
function cut(label: string): string {
  const short = label.length > longestLabel ? `${label.slice(0, longestLabel - 1)}…` : label
  return short.replaceAll('&', '&&')
}
