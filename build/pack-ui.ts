import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { uiMark } from './embedded-ui.ts'

/** All files as one comment line to put at the end of a program (build/embedded-ui.ts reads it). */
export function packUi(files: ReadonlyMap<string, Uint8Array>): string {
  const head = Buffer.from(JSON.stringify([...files].map(([path, bytes]) => [path, bytes.length])))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(head.length)
  const packed = brotliCompressSync(Buffer.concat([length, head, ...files.values()]), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 9 },
  })
  return `${uiMark}${packed.toString('base64')}`
}

/** Every file of a folder, by its path with forward slashes. */
export async function readFolder(folder: string): Promise<Map<string, Uint8Array>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return new Map(
    await Promise.all(
      files
        .toSorted()
        .map(async (file): Promise<[string, Uint8Array]> => [
          relative(folder, file).split(sep).join('/'),
          await readFile(file),
        ]),
    ),
  )
}
