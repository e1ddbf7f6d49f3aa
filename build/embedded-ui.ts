import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'

/**
 * Stands for gateway/built-ui.ts in the one-file program: the window lies in the file's last line, a comment that Node
 * skips and that is read when a browser asks for the first time.
 */
export function builtUi(): { uiFiles: () => Promise<Map<string, Uint8Array>> } {
  return { uiFiles: async () => unpackUi(await readFile(import.meta.filename, 'latin1')) }
}

export const uiMark = '\n//ui:'

export async function unpackUi(program: string): Promise<Map<string, Uint8Array>> {
  const start = program.lastIndexOf(uiMark)
  if (start < 0) return new Map()
  const packed = Buffer.from(program.slice(start + uiMark.length), 'base64')
  const bytes = await promisify(brotliDecompress)(packed)
  const headLength = bytes.readUInt32BE(0)
  const head = JSON.parse(bytes.subarray(4, 4 + headLength).toString()) as [path: string, length: number][]
  const files = new Map<string, Uint8Array>()
  let offset = 4 + headLength
  for (const [path, length] of head) {
    files.set(path, bytes.subarray(offset, offset + length))
    offset += length
  }
  return files
}
