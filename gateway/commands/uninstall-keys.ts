import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { providerRows } from '../providers/rows.ts'
import type { KeychainSecrets } from '../stores/secrets-keychain.ts'

/** A provider key that was entered in the gateway. Its value is never held here. */
export interface KeptKey {
  name: string
  from: 'keychain' | 'keys.json'
  /** The data folder of the keys.json. */
  folder?: string
}

interface FoundKeys {
  keys: KeptKey[]
  problems: string[]
}

/** Looks under every name that a configuration of these folders refers to, and those of the known providers. */
export async function findKeys(folders: readonly string[], keychain: KeychainSecrets): Promise<FoundKeys> {
  const inFiles = (await Promise.all(folders.map(namesInFile))).flat()
  const problem = await keychain.problem()
  if (problem !== undefined) return { keys: inFiles, problems: problem.kind === 'absent' ? [] : [problem.message] }
  const names = new Set([
    ...(await Promise.all(folders.map(referredNames))).flat(),
    ...providerRows.flatMap(({ keyEnv }) => keyEnv ?? []),
  ])
  const inKeychain: KeptKey[] = []
  for (const name of names) {
    if ((await keychain.get(name)) !== undefined) inKeychain.push({ name, from: 'keychain' })
  }
  return { keys: [...inKeychain, ...inFiles], problems: [] }
}

export interface RemovedKeys {
  names: string[]
  problems: string[]
}

export async function removeKeys(
  keys: readonly KeptKey[],
  folders: readonly string[],
  keychain: KeychainSecrets,
): Promise<RemovedKeys> {
  const names: string[] = []
  const problems: string[] = []
  const attempt = async (what: readonly string[], remove: () => Promise<void>): Promise<void> => {
    try {
      await remove()
      names.push(...what)
    } catch (error) {
      problems.push(`${what.join(', ')}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  for (const { name, from } of keys) {
    if (from === 'keychain') await attempt([name], () => keychain.delete(name))
  }
  for (const folder of folders) {
    const inFile = keys.filter((key) => key.folder === folder).map(({ name }) => name)
    if (inFile.length > 0) await attempt(inFile, () => rm(join(folder, 'keys.json'), { force: true }))
  }
  return { names, problems }
}

async function namesInFile(folder: string): Promise<KeptKey[]> {
  const text = await readFile(join(folder, 'keys.json'), 'utf8').catch(() => undefined)
  if (text === undefined) return []
  try {
    return Object.keys(JSON.parse(text) as object).map((name) => ({ name, from: 'keys.json', folder }))
  } catch {
    // Whatever it is: it lies where keys do, so it goes with them.
    return [{ name: 'keys.json', from: 'keys.json', folder }]
  }
}

/** NAME of every `${NAME}` in the settings and configurations of a data folder, also in those that were set aside. */
async function referredNames(folder: string): Promise<string[]> {
  const files = (await readdir(folder).catch(() => [])).filter((name) =>
    /^(settings.*\.json|gateway\.ya?ml)$/.test(name),
  )
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8').catch(() => '')))
  return texts.flatMap((text) => [...text.matchAll(/\$\{([A-Za-z_]\w*)/g)].flatMap(([, name]) => name ?? []))
}
