import { access, constants, realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ConfigHome } from './home.ts'

/** Why an edit of this configuration would fail, found out before anybody makes one; undefined: nothing stands in its way. */
export async function whyReadOnly({ kind, file }: Pick<ConfigHome, 'kind' | 'file'>): Promise<string | undefined> {
  if (kind === 'app') return undefined
  if (kind === 'none' || file === undefined) {
    return 'This gateway runs without a configuration file. Start it with --config gateway.yaml, then changes are written into that file.'
  }
  // It is replaced as a whole, so it is its folder that must be writable; of a link, where it leads.
  const target = await realpath(file).catch(() => file)
  const canWrite = await access(dirname(target), constants.W_OK).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  )
  if (canWrite) return undefined
  return `${file} cannot be written: its folder is read-only for this user. Change the keys where that file comes from.`
}
