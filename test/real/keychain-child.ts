import { createKeychainSecrets } from '../../gateway/stores/secrets-keychain.ts'

/** Run by secrets-keychain.test.ts inside a keyring of its own: does what its arguments say, and prints what came of it. */
const keychain = createKeychainSecrets()
const steps: Record<string, () => Promise<unknown>> = {
  problem: async () => (await keychain.problem()) ?? 'works',
  get: async () => (await keychain.get('TEST_KEY')) ?? 'nothing',
  set: () => keychain.set('TEST_KEY', 'sk-kept'),
  delete: () => keychain.delete('TEST_KEY'),
}
const results: unknown[] = []
for (const name of process.argv.slice(2)) {
  results.push(await steps[name]?.().catch((error: unknown) => (error as Error).message))
}
console.log(JSON.stringify(results.map((result) => result ?? 'done')))
