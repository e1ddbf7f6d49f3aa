import { randomUUID } from 'node:crypto'
import { GatewayError } from '../errors.ts'
import { explainKeychainError, type KeychainProblem } from './secrets-keychain-error.ts'

/** The keychain of the operating system: macOS Keychain, Windows Credential Manager, the Secret Service on Linux. */
export interface KeychainSecrets {
  /** What a write, a read and a delete of a random value came to; undefined: it works. */
  problem(): Promise<KeychainProblem | undefined>
  /** The same, tried anew where it did not work that long ago or longer: the user may have unlocked it since. */
  retry(minimumAgeMs?: number): Promise<KeychainProblem | undefined>
  get(name: string): Promise<string | undefined>
  set(name: string, value: string): Promise<void>
  delete(name: string): Promise<void>
}

/** As @napi-rs/keyring has it. */
export interface KeychainEntry {
  getPassword(signal?: AbortSignal): Promise<string | null>
  setPassword(password: string, signal?: AbortSignal): Promise<void>
  deletePassword(signal?: AbortSignal): Promise<boolean>
}
export type OpenEntry = (service: string, account: string, options: typeof entryOptions) => KeychainEntry

export interface KeychainOptions {
  /** Absent: @napi-rs/keyring, which need not be installed. */
  load?: () => Promise<OpenEntry>
  platform?: NodeJS.Platform
  timeoutMs?: number
  /** Milliseconds on a clock that never jumps. */
  nowMs?: () => number
}

const service = 'LLM Gateway'
/** Without it a Linux without Secret Service takes the kernel's keyring, which is lost at the next start of the machine. */
const entryOptions = { linux: { store: 'secret-service' } } as const
/** CRED_MAX_CREDENTIAL_BLOB_SIZE; Windows keeps text as UTF-16. */
const windowsMostBytes = 2560

export function createKeychainSecrets(options: KeychainOptions = {}): KeychainSecrets {
  const { load = loadKeyring, platform = process.platform, timeoutMs = 5000, nowMs = () => performance.now() } = options
  // Asking may prompt the user (macOS), and nobody else writes there: each value is read once.
  const known = new Map<string, string>()
  let probe: { result: Promise<KeychainProblem | undefined>; at: number } | undefined

  const ask = async <T>(
    name: string,
    question: (entry: KeychainEntry, signal: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    try {
      const open = await load()
      return await within(timeoutMs, async (signal) => question(open(service, name, entryOptions), signal))
    } catch (error) {
      const problem = explainKeychainError(error, platform)
      // The next question fails at once: five seconds for each key would be a start of minutes.
      probe = { result: Promise.resolve(problem), at: nowMs() }
      throw new KeychainError(problem)
    }
  }
  const runProbe = async (): Promise<KeychainProblem | undefined> => {
    try {
      return await ask('canary', checkCanary)
    } catch (error) {
      return (error as KeychainError).problem
    }
  }
  const problem = (): Promise<KeychainProblem | undefined> => (probe ??= { result: runProbe(), at: nowMs() }).result

  return {
    problem,
    async retry(minimumAgeMs = 0) {
      const last = probe
      const isOld = last !== undefined && nowMs() - last.at >= minimumAgeMs
      if (isOld && (await last.result) !== undefined && probe === last) probe = undefined
      return problem()
    },
    async get(name) {
      const value = known.get(name) ?? (await ask(name, (entry, signal) => entry.getPassword(signal))) ?? undefined
      if (value !== undefined) known.set(name, value)
      return value
    },
    async set(name, value) {
      if (platform === 'win32' && value.length * 2 > windowsMostBytes) throw tooLong()
      await ask(name, (entry, signal) => entry.setPassword(value, signal))
      known.set(name, value)
    },
    async delete(name) {
      known.delete(name)
      await ask(name, (entry, signal) => entry.deletePassword(signal))
    },
  }
}

/** Says what happened and what to do; the library's own error could quote anything. */
class KeychainError extends GatewayError {
  readonly problem: KeychainProblem

  constructor(problem: KeychainProblem) {
    super('internal_error', problem.message)
    this.problem = problem
  }
}

async function loadKeyring(): Promise<OpenEntry> {
  const { AsyncEntry } = await import('@napi-rs/keyring')
  return (service, account, options) => new AsyncEntry(service, account, options)
}

/** A Secret Service without a collection reads as empty, and only refuses to write: so both are tried. */
async function checkCanary(entry: KeychainEntry, signal: AbortSignal): Promise<KeychainProblem | undefined> {
  const value = randomUUID()
  await entry.setPassword(value, signal)
  const read = await entry.getPassword(signal)
  await entry.deletePassword(signal)
  if (read === value) return undefined
  return {
    kind: 'failing',
    message: 'The keychain does not give back what was put into it. Restart it, or log in again.',
  }
}

/** The signal ends what has not begun; the race also ends the wait for a prompt that nobody answers. */
async function within<T>(timeoutMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      controller.abort()
      reject(new Error('timeout'))
    }, timeoutMs)
  })
  try {
    return await Promise.race([work(controller.signal), late])
  } finally {
    clearTimeout(timer)
  }
}

function tooLong(): GatewayError {
  return new GatewayError(
    'invalid_request',
    `Windows keeps at most ${windowsMostBytes / 2} characters per key, and this one is longer. Set it as an environment variable instead.`,
  )
}
