import type { Api } from './api/api.ts'
import type { Hub } from './api/hub.ts'
import { createStatusTeller, readStatus } from './api/status.ts'
import { statusReasons } from './api/status-reasons.ts'
import { createToday } from './api/status-today.ts'
import type { BudgetNotice } from './budgets/levels.ts'
import type { ConfigHome } from './config/home.ts'
import type { LoadedConfig } from './config/types.ts'
import type { Status } from './contract.ts'
import type { LlmPorts } from './http/llm.ts'
import type { Runtime, Shared } from './runtime.ts'
import type { AttemptRow } from './stores/ledger.ts'
import type { Secrets } from './stores/secrets.ts'
import { version } from './version.ts'

export interface ManagementPorts {
  hub: Hub
  shared: Shared
  runtime: () => Runtime
  /** Takes a configuration up. */
  reload: (loaded: LoadedConfig) => void
  /** As the process started with. */
  started: LoadedConfig
  /** Undefined: nothing can be edited. */
  home: ConfigHome | undefined
  secrets: Secrets
  shell: Status['shell']
  dataFolder: string | undefined
  /** Of the user whose tools are connected; undefined: as the system says. */
  userHome: string | undefined
  env: Record<string, string | undefined>
  /** What calls of the gateway's own go through; throws while none are taken. */
  calls: OwnCalls
}

export type OwnCalls = Pick<LlmPorts, 'stages' | 'prepare' | 'calls' | 'inFlight' | 'now' | 'nowMs'> & {
  checkOpen: () => void
}

/** What runs beside the calls: state, events, and the API by which windows ask and change things. */
export interface Management {
  api: Api
  isPaused(): boolean
  onCall(rows: readonly AttemptRow[]): void
  onLedgerError(error: unknown): void
  onBudget(notice: BudgetNotice): void
  /** It listens here now. */
  listens(url: string): void
  /** Another configuration is in force. */
  reloaded(): void
  close(): void
}

/** A ledger that failed says so for this long after the last time. */
const ledgerProblemMs = 5 * 60_000

export function createManagement(ports: ManagementPorts): Management {
  const { hub, shared, runtime, home } = ports
  const { now, log } = shared
  const startedAt = now()
  const today = createToday(shared.ledger, now)
  let url: string | undefined
  let isPaused = false
  let ledgerFailed: { at: number; text: string } | undefined

  function reasons(): string[] {
    const isRecent = ledgerFailed !== undefined && now() - ledgerFailed.at < ledgerProblemMs
    const { providers } = runtime()
    const ledgerProblem = isRecent ? ledgerFailed?.text : undefined
    return [...statusReasons({ ...shared, providers, now: now(), ledgerProblem }), ...shared.budgets.problems()]
  }

  const status = (): Promise<Status> =>
    readStatus({
      version,
      shell: ports.shell,
      platform: process.platform,
      startedAt,
      now,
      today,
      dataFolder: ports.dataFolder,
      secretStore: () => ports.secrets.describe(),
      facts: () => ({
        config: runtime().config,
        url,
        isPaused,
        reasons: reasons(),
        notices: [...runtime().loaded.notices, ...shared.storeNotices()],
        inFlight: ports.calls.calls.size,
        configHome: home?.kind ?? 'none',
        configFile: home?.file ?? runtime().loaded.file,
      }),
    })
  const teller = createStatusTeller(hub, status, (error) => log.warn({ error: String(error) }, 'status not told'))

  const api = lazyApi(hub, async () => {
    const { createManagementApi } = await import('./management-api.ts')
    return createManagementApi({
      ...ports,
      status,
      url: () => url,
      pause(paused) {
        isPaused = paused
        log.info({}, paused ? 'paused: calls are refused' : 'resumed: calls are taken')
        teller.changed('soon')
      },
    })
  })

  return {
    api,
    isPaused: () => isPaused,
    onCall(rows) {
      today.add(rows)
      hub.settled(rows)
      teller.changed()
    },
    onLedgerError(error) {
      const why = error instanceof Error ? error.message : String(error)
      ledgerFailed = { at: now(), text: `The ledger cannot be written: ${why}` }
      teller.changed()
    },
    onBudget({ budget: { scope, name = null, period }, level, resetsAt, text, ...sums }) {
      hub.emit({ event: 'budget', data: { scope, name, period, level, resetsAt, text, ...sums } })
      teller.changed()
    },
    listens(address) {
      url = address
      teller.changed('soon')
    },
    reloaded() {
      hub.emit({ event: 'config', data: {} })
      teller.changed('soon')
    },
    close() {
      teller.close()
      hub.close()
    },
  }
}

/** The contract and its handlers are read when somebody asks: calls are served sooner without. */
function lazyApi(hub: Hub, load: () => Promise<Api>): Api {
  let api: Promise<Api> | undefined
  return {
    subscribe: (listener) => hub.subscribe(listener),
    async call(method, input) {
      api ??= load()
      return (await api).call(method, input)
    },
  }
}
