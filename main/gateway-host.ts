import { join } from 'node:path'
import { keepAdminToken } from '../gateway/api/admin-token.ts'
import type { Api } from '../gateway/api/api.ts'
import { createGateway, type Gateway } from '../gateway/app.ts'
import type { ConfigHome } from '../gateway/config/home.ts'
import type { LoadedConfig } from '../gateway/config/types.ts'
import type { GatewayEvent } from '../gateway/contract.ts'
import { createMemoryLedger } from '../gateway/stores/ledger-memory.ts'
import { openSqliteLedger } from '../gateway/stores/ledger-sqlite.ts'
import type { Secrets } from '../gateway/stores/secrets.ts'
import type { Log } from '../gateway/telemetry/log.ts'
import { limitYoungGeneration } from '../gateway/young-generation.ts'
import { watchLateKeys } from './late-keys.ts'
import { isPortFree, lookAtTakenPort, type TakenPort } from './port-taken.ts'

export interface HostPorts {
  home: ConfigHome
  secrets: Secrets
  /** Where the ledger lies. */
  folder: string
  log: Log
}

/** The gateway in this process. It can be stopped and made anew (another port) while `api` stays what it is. */
export interface GatewayHost {
  api: Api
  /** undefined: it listens. Else who has the port. */
  listen(): Promise<TakenPort | undefined>
  /** Keeps the port and moves to it at once. */
  usePort(port: number): Promise<TakenPort | undefined>
  isListening(): boolean
  close(): Promise<void>
}

/** Calls that run when the user quits get this long. */
const patienceMs = 5000

export async function createGatewayHost(ports: HostPorts): Promise<GatewayHost> {
  const afterCall = limitYoungGeneration()
  const listeners = new Set<(event: GatewayEvent) => void>()
  const tell = (event: GatewayEvent): void => listeners.forEach((listener) => listener(event))
  let { gateway, loaded } = await build(ports, afterCall)
  gateway.api.subscribe(tell)
  let isListening = false
  /** Over the command line's. */
  let chosenPort: number | undefined
  const stopLooking = watchLateKeys({
    loaded: () => loaded,
    isFound: async (name) => (await ports.secrets.get(name).catch(() => undefined)) !== undefined,
    async reload() {
      loaded = await ports.home.load()
      gateway.reload(loaded)
      tell({ event: 'config', data: {} })
    },
  })

  async function listen(): Promise<TakenPort | undefined> {
    const { host, port: configured } = loaded.config.server
    const port = chosenPort ?? configured
    try {
      const url = await gateway.listen({ host, port })
      isListening = true
      ports.log.info({ url }, 'listening')
      return undefined
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      ports.log.error({ host, port, error: message }, 'cannot listen')
      if (code === 'EADDRINUSE') return lookAtTakenPort({ host, port })
      // Reserved by Windows, below 1024, no address of this machine: another port may do.
      const taken = await lookAtTakenPort({ host, port })
      return { ...taken, isOurs: false, holder: `the system (${message})` }
    }
  }

  async function makeAnew(): Promise<void> {
    isListening = false
    await stop(gateway, loaded)
    const next = await build(ports, afterCall)
    gateway = next.gateway
    loaded = next.loaded
    gateway.api.subscribe(tell)
  }

  return {
    api: {
      call: (method, input) => gateway.api.call(method, input),
      subscribe(listener) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    },
    listen,
    async usePort(port) {
      const { host, port: configured } = loaded.config.server
      if (isListening && (chosenPort ?? configured) === port) return undefined
      // Before anything is changed: a gateway that runs keeps its port when the new one is no good.
      if (!(await isPortFree({ host, port }))) return lookAtTakenPort({ host, port })
      const saved = await gateway.api.call('settings.save', { port })
      if (!saved.ok) throw new Error(saved.error.message)
      chosenPort = port
      await makeAnew()
      const taken = await listen()
      tell({ event: 'config', data: {} })
      return taken
    },
    isListening: () => isListening,
    close() {
      stopLooking()
      return stop(gateway, loaded)
    },
  }
}

async function build({ home, secrets, folder, log }: HostPorts, afterCall: () => void) {
  const loaded = await home.load()
  const ledger = await openLedger(folder, loaded, log)
  // For the command line on this machine: `llm-gateway connect` has keys made.
  const { token } = await keepAdminToken(folder)
  const gateway: Gateway = await createGateway(loaded, {
    ledger,
    home,
    secrets,
    log,
    afterCall,
    env: process.env,
    shell: 'desktop',
    dataFolder: folder,
    admin: { token, hint: 'It is in the file admin-token in the data folder of the app.' },
  })
  return { gateway, loaded }
}

/** Without the file the app still works, and says that spending is forgotten when it quits. */
async function openLedger(folder: string, loaded: LoadedConfig, log: Log) {
  const { retention, bodiesMaxSize } = loaded.config.ledger
  try {
    const ledger = await openSqliteLedger({
      file: join(folder, 'ledger.db'),
      retentionMs: retention,
      capturesMaxBytes: bodiesMaxSize,
      warn: (message) => log.warn({}, message),
    })
    await ledger.ready
    return ledger
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    log.error({ error: why }, 'the ledger cannot be kept on disk')
    loaded.notices.push(`Calls and spending are forgotten when the app quits: the ledger cannot be kept (${why}).`)
    return createMemoryLedger()
  }
}

async function stop(gateway: Gateway, loaded: LoadedConfig): Promise<void> {
  const { config } = loaded
  const drainTimeout = Math.min(config.server.drainTimeout, patienceMs)
  gateway.reload({ ...loaded, config: { ...config, server: { ...config.server, drainTimeout } } })
  await gateway.close()
}
