import { GatewayError } from '../errors.ts'
import type { CredentialSecrets } from './secrets-credentials.ts'
import { environmentSecret } from './secrets-environment.ts'
import type { FileSecrets } from './secrets-file.ts'
import type { KeychainSecrets } from './secrets-keychain.ts'
import type { KeychainProblem } from './secrets-keychain-error.ts'
import type { FoundSecret, SecretOrigin, Secrets, SecretStoreState } from './secrets.ts'

export interface SecretStores {
  env: Readonly<Record<string, string | undefined>>
  /** A folder of keys that a service is started with: it stands behind each variable, and counts as one. */
  credentials?: CredentialSecrets
  /** The desktop's. Without it the environment is asked first: it is what a server is set up with. */
  keychain?: KeychainSecrets
  /** Made only when the user agrees to it. */
  file?: FileSecrets
}

/**
 * Desktop: keychain, then environment, so that a key typed into the window counts; headless: environment, then file. The
 * desktop's file comes before the keychain: a key is only in it since the keychain refused it, so it is the newer one.
 */
export function createSecrets(stores: SecretStores): Secrets {
  const { keychain, file } = stores
  const fromEnvironment = (name: string) => givenAtStart(stores, name)
  const order: [SecretOrigin, (name: string) => Promise<string | undefined>][] =
    keychain === undefined
      ? [
          ['environment', fromEnvironment],
          ['file', async (name) => file?.get(name)],
        ]
      : [
          ['file', async (name) => file?.get(name)],
          ['keychain', (name) => fromKeychain(keychain, name)],
          ['environment', fromEnvironment],
        ]
  return {
    get: (name) => firstFound(order, name),
    set: (name, value, { consentToFile = false } = {}) => keep(stores, { name, value, consentToFile }),
    async delete(name) {
      if (keychain !== undefined && isThere(await keychain.problem())) await keychain.delete(name)
      await file?.delete(name)
    },
    async describe() {
      const problem = await keychain?.problem()
      return describe(stores, problem)
    },
  }
}

async function givenAtStart({ env, credentials }: SecretStores, name: string): Promise<string | undefined> {
  return environmentSecret(env, name) ?? credentials?.get(name)
}

/** A store that cannot be asked matters only for a name that no other has. */
async function firstFound(
  order: [SecretOrigin, (name: string) => Promise<string | undefined>][],
  name: string,
): Promise<FoundSecret | undefined> {
  const failures: unknown[] = []
  for (const [from, get] of order) {
    try {
      const value = await get(name)
      if (value !== undefined) return { value, from }
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
  return undefined
}

function isThere(problem: KeychainProblem | undefined): boolean {
  return problem?.kind !== 'absent'
}

/** A locked keychain may ask for its password whenever it is asked: not more often than this. */
const retryMs = 60_000

async function fromKeychain(keychain: KeychainSecrets, name: string): Promise<string | undefined> {
  const problem = await keychain.retry(retryMs)
  if (problem?.kind === 'absent') return undefined
  // One prompt or timeout is enough: not one per key.
  if (problem !== undefined) throw new GatewayError('internal_error', problem.message)
  return keychain.get(name)
}

interface NewSecret {
  name: string
  value: string
  consentToFile: boolean
}

async function keep(stores: SecretStores, secret: NewSecret): Promise<SecretOrigin> {
  const { keychain, file } = stores
  const { name, value, consentToFile } = secret
  const problem = await keychain?.retry()
  if (keychain !== undefined && problem === undefined) {
    await keychain.set(name, value)
    // What was put into a file before there was a keychain would lie there in plain text for ever.
    await file?.delete(name)
    return 'keychain'
  }
  if (keychain === undefined && (await givenAtStart(stores, name)) !== undefined) throw setInEnvironment(name)
  if (file === undefined || !(consentToFile || (await file.exists()))) throw nowhereToKeep(name, problem, file)
  await file.set(name, value)
  return 'file'
}

function setInEnvironment(name: string): GatewayError {
  return new GatewayError(
    'invalid_request',
    `${name} is set in the environment (or the credentials folder) of the gateway, which counts first. Change it there and restart the gateway.`,
  )
}

function nowhereToKeep(
  name: string,
  problem: KeychainProblem | undefined,
  file: FileSecrets | undefined,
): GatewayError {
  const why = problem?.message ?? 'A gateway without a desktop has no keychain to keep keys in.'
  const orFile = file === undefined ? '' : ', or agree to keep keys in a file that only you can read'
  return new GatewayError(
    'invalid_request',
    `The key was not kept. ${why} Or set ${name} as an environment variable${orFile}.`,
  )
}

async function describe(
  { keychain, file }: SecretStores,
  problem: KeychainProblem | undefined,
): Promise<SecretStoreState> {
  if (keychain !== undefined && problem === undefined) return { kind: 'keychain', problem: null, fileIsPossible: false }
  const why =
    problem?.message ??
    'A gateway without a desktop has no keychain: set keys as environment variables where it is started.'
  const hasFile = file !== undefined && (await file.exists())
  return { kind: hasFile ? 'file' : 'none', problem: why, fileIsPossible: file !== undefined }
}
