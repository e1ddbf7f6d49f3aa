import { join, normalize, sep } from 'node:path'
import { isOwnAddress } from './sender.ts'

/** The file an address means; undefined: it is not in the folder, whatever its dots say. */
export function uiFile(address: string, folder: string): string | undefined {
  if (!isOwnAddress(address)) return undefined
  const path = decoded(new URL(address).pathname)
  if (path === undefined || path.includes('\0') || path.includes('\\')) return undefined
  const file = normalize(join(folder, path === '/' ? 'index.html' : path))
  return file.startsWith(folder.endsWith(sep) ? folder : folder + sep) ? file : undefined
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}
