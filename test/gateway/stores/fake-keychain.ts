import type { KeychainEntry, OpenEntry } from '../../../gateway/stores/secrets-keychain.ts'

/** A keychain in memory; `failure` is thrown by whatever is asked, as the real library does. */
export interface FakeKeychain {
  values: Map<string, string>
  opened: [string, string, unknown][]
  reads: number
  failure: Error | undefined
  /** Questions are never answered. */
  hangs: boolean
  load: () => Promise<OpenEntry>
}

export function createFakeKeychain(): FakeKeychain {
  const keychain: FakeKeychain = {
    values: new Map(),
    opened: [],
    reads: 0,
    failure: undefined,
    hangs: false,
    load: async () => (service, account, options) => {
      keychain.opened.push([service, account, options])
      return entryOf(keychain, account)
    },
  }
  return keychain
}

function entryOf(keychain: FakeKeychain, account: string): KeychainEntry {
  const answer = async <T>(work: () => T): Promise<T> => {
    if (keychain.hangs) return new Promise(() => undefined)
    if (keychain.failure !== undefined) throw keychain.failure
    return work()
  }
  return {
    getPassword: () =>
      answer(() => {
        keychain.reads += 1
        return keychain.values.get(account) ?? null
      }),
    setPassword: (value) => answer(() => void keychain.values.set(account, value)),
    deletePassword: () => answer(() => keychain.values.delete(account)),
  }
}
