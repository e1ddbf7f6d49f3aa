import { exposureOf } from '../config/notices.ts'
import type { Config } from '../config/schema.ts'
import type { Status } from '../contract.ts'
import type { HandlersOf } from './api.ts'
import type { Hub } from './hub.ts'
import type { Today } from './status-today.ts'

/** What the gateway knows of itself at this moment. */
export interface StatusFacts {
  config: Config
  /** Where it listens. */
  url: string | undefined
  isPaused: boolean
  /** What is not as it should be. */
  reasons: string[]
  notices: string[]
  inFlight: number
  configHome: Status['configHome']
  configFile: string | undefined
}

export interface StatusPorts {
  version: string
  shell: Status['shell']
  platform: string
  startedAt: number
  now: () => number
  dataFolder: string | undefined
  facts: () => StatusFacts
  secretStore: () => Promise<Status['secretStore']>
  today: Today
}

export async function readStatus(ports: StatusPorts): Promise<Status> {
  const [today, secretStore] = await Promise.all([ports.today.read(), ports.secretStore()])
  const { config, url, isPaused, reasons, notices, inFlight, configHome, configFile } = ports.facts()
  const { host, port } = config.server
  return {
    version: ports.version,
    shell: ports.shell,
    state: isPaused ? 'stopped' : reasons.length > 0 ? 'degraded' : 'running',
    reasons,
    url: url ?? null,
    host,
    port: url === undefined ? port : portOf(url),
    startedAt: ports.startedAt,
    now: ports.now(),
    configHome,
    configFile: configFile ?? null,
    dataFolder: ports.dataFolder ?? null,
    usesDemo: config.providers.length === 0,
    todayCostNanoUsd: today.costNanoUsd,
    todayRequests: today.requests,
    hasCalls: today.hasCalls,
    inFlight,
    notices,
    exposure: exposureOf(config),
    secretStore,
    platform: ports.platform,
  }
}

function portOf(url: string): number {
  const { port, protocol } = new URL(url)
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}

export interface PausePorts {
  pause: (paused: boolean) => void
  read: () => Promise<Status>
}

export function createStatusHandlers({ pause, read }: PausePorts): HandlersOf<'status'> {
  return {
    'status.get': () => read(),
    'status.pause': ({ paused }) => {
      pause(paused)
      return read()
    },
  }
}

/** At most one `status` event in this time: a busy gateway changes it with every call. */
const tellEveryMs = 1000

export interface StatusTeller {
  /** Something of the status changed. `soon`: by a person, who waits to see it. */
  changed(soon?: 'soon'): void
  close(): void
}

export function createStatusTeller(
  hub: Pick<Hub, 'emit' | 'hasListeners'>,
  read: () => Promise<Status>,
  onError: (error: unknown) => void,
): StatusTeller {
  let timer: NodeJS.Timeout | undefined
  async function tell(): Promise<void> {
    timer = undefined
    try {
      const data = await read()
      hub.emit({ event: 'status', data })
    } catch (error) {
      onError(error)
    }
  }
  return {
    changed(soon) {
      if (!hub.hasListeners) return
      if (soon === 'soon') {
        clearTimeout(timer)
        timer = undefined
        void tell()
        return
      }
      timer ??= setTimeout(() => void tell(), tellEveryMs).unref()
    },
    close: () => clearTimeout(timer),
  }
}
