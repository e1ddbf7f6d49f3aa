import type { Status } from '../../../gateway/contract.ts'

export interface AboutRow {
  label: string
  /** Something to copy; undefined: there is none, `note` says why. */
  value: string | undefined
  note: string | undefined
}

const systems: Partial<Record<string, string>> = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' }

const keyStores: Record<Status['secretStore']['kind'], string> = {
  keychain: 'In the keychain of the system',
  file: 'In a file that only you can read',
  none: 'Only as environment variables',
}

const configHomes: Record<Status['configHome'], string> = {
  file: 'In a file',
  app: 'In the app itself; export it to have it as a file',
  none: 'Nowhere: started without a file, nothing can be changed',
}

export function aboutRows(status: Status): AboutRow[] {
  const told = (label: string, value: string | null, note: string): AboutRow => ({
    label,
    value: value ?? undefined,
    note: value === null ? note : undefined,
  })
  const system = systems[status.platform] ?? status.platform
  return [
    told('Version', `LLM Gateway ${status.version} (${status.shell}, ${system})`, ''),
    told('Address', status.url, 'It does not listen now'),
    told('Configuration', status.configFile, configHomes[status.configHome]),
    told('Data folder', status.dataFolder, 'None: what was spent is forgotten when it stops'),
    told('Keys', null, keyStores[status.secretStore.kind]),
  ]
}
