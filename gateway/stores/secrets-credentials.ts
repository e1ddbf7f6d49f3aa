import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GatewayError } from '../errors.ts'

/** Keys as files that whoever starts the gateway has put there for it; nothing is ever written. */
export interface CredentialSecrets {
  get(name: string): Promise<string | undefined>
}

/** What systemd puts before the names of files when a whole folder is loaded as `LoadCredential=keys:FOLDER`. */
const folderPrefix = 'keys_'

/**
 * The folder that systemd names in CREDENTIALS_DIRECTORY (https://systemd.io/CREDENTIALS/), one key a file, called as
 * the variable would be; any other folder of such files does as well (/run/secrets of a container).
 */
export function createCredentialSecrets(folder: string | undefined): CredentialSecrets {
  return {
    async get(name) {
      // Names are those of variables; anything else could lead out of the folder.
      if (folder === undefined || folder === '' || !/^\w+$/.test(name)) return undefined
      return (await readKey(join(folder, name))) ?? readKey(join(folder, `${folderPrefix}${name}`))
    },
  }
}

/** Editors end a file with a new line, and a key has none. An empty file is no key, as an empty variable is none. */
async function readKey(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim() || undefined
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new GatewayError('internal_error', `The key in ${file} cannot be read: ${message}`)
  }
}
