import type { DiagnosticCheck } from '../contract.ts'
import type { HandlersOf } from './api.ts'
import { checkDataFolder, checkDisk, checkLedgerFiles } from './diagnostics-files.ts'
import { checkPort, checkProxy, measureEventLoop } from './diagnostics-machine.ts'
import { checkProviders, type ProviderCheckPorts } from './diagnostics-providers.ts'
import { writeReport, type Identity } from './diagnostics-report.ts'
import type { SecretStoreState } from '../stores/secrets.ts'

export interface DiagnosticsPorts extends ProviderCheckPorts {
  version: string
  /** Where it listens. */
  url: () => string | undefined
  dataFolder: string | undefined
  secretStore: () => Promise<SecretStoreState>
  /** `network.proxy` of the configuration in force. */
  proxy: () => string | undefined
  env: Record<string, string | undefined>
  /** What is wrong with the Redis that is shared, if one is. */
  storeNotices: () => string[]
  /** What the report must not tell. */
  identity: Identity
}

/** What one check found; its name and time are added around it. */
export type Finding = Pick<DiagnosticCheck, 'outcome' | 'detail'> & { remedy?: string }

export function createDiagnosticsHandlers(ports: DiagnosticsPorts): HandlersOf<'diagnostics'> {
  return {
    async 'diagnostics.run'() {
      const { scrub } = ports
      const found = await runChecks(ports)
      const checks = found.map((check) => ({
        ...check,
        detail: scrub(check.detail),
        remedy: check.remedy === null ? null : scrub(check.remedy),
      }))
      return { checks, report: writeReport(checks, ports) }
    },
  }
}

async function runChecks(ports: DiagnosticsPorts): Promise<DiagnosticCheck[]> {
  const { dataFolder } = ports
  const check = (name: string, look: () => Promise<Finding>): Promise<DiagnosticCheck> => named(name, look, ports.nowMs)
  // While the others run, the loop has something to do.
  const loop = check('Event loop', measureEventLoop)
  const checks = await Promise.all([
    check('Version', async () => ({ outcome: 'ok', detail: `LLM Gateway ${ports.version}, Node ${process.version}` })),
    check('Port', () => checkPort(ports.url())),
    check('Data folder', () => checkDataFolder(dataFolder)),
    check('Disk space', () => checkDisk(dataFolder)),
    check('Ledger file', () => checkLedgerFiles(dataFolder)),
    check('Key store', async () => describeStore(await ports.secretStore())),
    check('Cache and limits', async () => describeStores(ports.storeNotices())),
    check('Proxy', () => checkProxy(ports.proxy(), ports.env)),
  ])
  return [...checks, ...(await checkProviders(ports, check)), await loop]
}

async function named(name: string, look: () => Promise<Finding>, nowMs: () => number): Promise<DiagnosticCheck> {
  const startedMs = nowMs()
  const finding = await look().catch((error: unknown): Finding => ({
    outcome: 'failed',
    detail: `The check itself failed: ${error instanceof Error ? error.message : String(error)}`,
  }))
  return { name, remedy: null, ...finding, durationMs: Math.round(nowMs() - startedMs) }
}

function describeStores(notices: string[]): Finding {
  if (notices.length === 0) return { outcome: 'ok', detail: 'They work as configured.' }
  return { outcome: 'warning', detail: notices.join('\n'), remedy: 'Look after Redis, or correct cache.redis.url.' }
}

function describeStore({ kind, problem, fileIsPossible }: SecretStoreState): Finding {
  if (kind === 'keychain') return { outcome: 'ok', detail: 'Keys are kept in the keychain of the system.' }
  if (kind === 'file') return { outcome: 'warning', detail: 'Keys are kept in a file that only this user can read.' }
  const detail = problem ?? 'Keys are taken from environment variables only.'
  if (!fileIsPossible) return { outcome: problem === null ? 'ok' : 'warning', detail }
  return {
    outcome: 'warning',
    detail,
    remedy: 'Set keys as environment variables, or agree to a file when adding one.',
  }
}
