import type { SecretKeeper } from '../../../gateway/config/app-home.ts'

export interface FakeSecrets extends SecretKeeper {
  values: Map<string, string>
  /** Thrown for what is not there, as a locked keychain does. */
  problem: Error | undefined
}

export function createFakeSecrets(values: Record<string, string> = {}): FakeSecrets {
  const secrets: FakeSecrets = {
    values: new Map(Object.entries(values)),
    problem: undefined,
    async get(name) {
      const value = secrets.values.get(name)
      if (value === undefined && secrets.problem !== undefined) throw secrets.problem
      return value === undefined ? undefined : { value }
    },
    async set(name, value) {
      if (secrets.problem !== undefined) throw secrets.problem
      secrets.values.set(name, value)
    },
  }
  return secrets
}
