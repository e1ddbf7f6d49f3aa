import { isDeepStrictEqual } from 'node:util'
import { maskUrl } from '../config/credentials.ts'
import type { ConfigEdit } from '../config/save.ts'
import type { Config } from '../config/schema.ts'
import { formatDuration } from '../config/units.ts'
import type { MethodInput, Settings } from '../contract.ts'
import type { HandlersOf } from './api.ts'
import type { Configuration } from './configuration.ts'
import { countsOnlyAtStart } from './settings-restart.ts'

export interface SettingsPorts {
  configuration: Pick<Configuration, 'current' | 'edit'>
  /** As the process started with. */
  started: Config
}

interface Setting<Name extends keyof Settings> {
  path: string[]
  read: (config: Config) => Settings[Name]
  /** As it stands in the file; undefined takes it out. */
  write?: (value: Settings[Name]) => unknown
}

const dayMs = 86_400_000

const table: { [Name in keyof Settings]: Setting<Name> } = {
  host: { path: ['server', 'host'], read: ({ server }) => server.host },
  port: { path: ['server', 'port'], read: ({ server }) => server.port },
  corsEnabled: { path: ['server', 'cors', 'enabled'], read: ({ server }) => server.cors.enabled },
  corsOrigins: { path: ['server', 'cors', 'allowedOrigins'], read: ({ server }) => server.cors.allowedOrigins },
  anonymous: { path: ['auth', 'anonymous'], read: ({ auth }) => auth.anonymous },
  retentionDays: {
    path: ['ledger', 'retention'],
    read: ({ ledger }) => Math.max(1, Math.round(ledger.retention / dayMs)),
    write: (days) => formatDuration(days * dayMs),
  },
  capture: { path: ['ledger', 'bodies'], read: ({ ledger }) => ledger.bodies },
  logLevel: { path: ['logging', 'level'], read: ({ logging }) => logging.level },
  logFormat: { path: ['logging', 'format'], read: ({ logging }) => logging.format },
  proxy: {
    path: ['network', 'proxy'],
    // It may hold a password; shown as it was and saved as it was shown, it stays what it is.
    read: ({ network }) => (network.proxy === undefined ? null : maskUrl(network.proxy)),
    write: (address) => address ?? undefined,
  },
  metricsEnabled: { path: ['metrics', 'enabled'], read: ({ metrics }) => metrics.enabled },
}

const names = Object.keys(table) as (keyof Settings)[]

export function createSettingsHandlers({ configuration, started }: SettingsPorts): HandlersOf<'settings'> {
  return {
    'settings.get': () => ({
      settings: settingsOf(configuration.current().config),
      restart: names.filter((name) => countsOnlyAtStart(table[name].path)),
      waiting: waiting(started, configuration.current().config),
    }),
    async 'settings.save'(wanted) {
      const { undo } = await configuration.edit(settingsEdits(wanted, configuration.current().config))
      return { undo, restart: waiting(started, configuration.current().config) }
    },
  }
}

export function settingsOf(config: Config): Settings {
  return Object.fromEntries(names.map((name) => [name, table[name].read(config)])) as Settings
}

/** Only what changes is written: a file says what somebody chose. */
export function settingsEdits(wanted: MethodInput<'settings.save'>, config: Config): ConfigEdit[] {
  const before = settingsOf(config)
  return names.flatMap((name) => {
    const value = wanted[name]
    if (value === undefined || isDeepStrictEqual(value, before[name])) return []
    const { path, write } = table[name] as { path: string[]; write?: (value: unknown) => unknown }
    return [{ path, value: write === undefined ? value : write(value) }]
  })
}

/** Settings that differ from those the process started with, and count only at the next start. */
function waiting(started: Config, current: Config): string[] {
  const [before, after] = [settingsOf(started), settingsOf(current)]
  return names.filter((name) => countsOnlyAtStart(table[name].path) && !isDeepStrictEqual(before[name], after[name]))
}
