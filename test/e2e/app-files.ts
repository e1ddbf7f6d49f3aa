import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Every file below the folder, by its path in it. */
export async function readAll(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  // Chromium's own come and go.
  const contents = await Promise.all(files.map((file) => readFile(file).catch(() => Buffer.alloc(0))))
  return new Map(files.map((file, index) => [file.slice(folder.length + 1), contents[index] ?? Buffer.alloc(0)]))
}

/** Names of those that hold it as plain text; Chromium's storage may write UTF-16. */
export function filesWith(files: ReadonlyMap<string, Buffer>, secret: string): string[] {
  const found = [...files].filter(([, bytes]) => bytes.includes(secret) || bytes.includes(secret, 0, 'utf16le'))
  return found.map(([name]) => name)
}
