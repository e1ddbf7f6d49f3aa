import type { Settings } from '../../../gateway/contract.ts'

/** 127.0.0.0/8, ::1 (also in brackets) and localhost. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host)
}

/** `open`: whoever reaches the address spends the user's money. */
export type Exposure = 'own-machine' | 'keys-only' | 'open'

export function exposureOf({ host, anonymous }: Pick<Settings, 'host' | 'anonymous'>): Exposure {
  if (isLoopback(host)) return 'own-machine'
  return anonymous ? 'open' : 'keys-only'
}

/** Only the step into the open is asked about; what is open already is warned of all the time. */
export function opensUp(before: Settings, edit: Partial<Settings>): boolean {
  return exposureOf(before) !== 'open' && exposureOf({ ...before, ...edit }) === 'open'
}

export const hostChoices = ['own-machine', 'all', 'other'] as const
export type HostChoice = (typeof hostChoices)[number]

export function hostChoiceOf(host: string): HostChoice {
  if (isLoopback(host)) return 'own-machine'
  return host === '0.0.0.0' || host === '::' || host === '[::]' ? 'all' : 'other'
}

/** Why it is no address to listen on; undefined: it may be one. */
export function hostProblem(host: string): string | undefined {
  if (host === '') return 'Enter an address of this computer, like 192.168.1.20.'
  if (host.includes('/')) return 'Enter the address alone, without http:// and without a path.'
  if (/^[^:]+:\d+$/.test(host)) return 'Enter the address alone; the port has its own field.'
  if (/\s/.test(host) || host.length > 255) return 'This is not an address.'
  return undefined
}
