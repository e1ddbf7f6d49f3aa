import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isObject } from '../chat/json.ts'
import type { PriceTable } from './price-table.ts'

/** A table that `llm-gateway prices update` took, in the data folder. */
export interface PriceFile extends PriceTable {
  format: typeof priceFileFormat
  version: typeof priceFileVersion
  /** Address or file name it was read from. */
  source: string
  /** Whose list it was, e.g. `litellm`. */
  kind: string
  /** ISO 8601 */
  updatedAt: string
  /** How many models it has. */
  models: number
  /** Hexadecimal SHA-256 of the providers: see `priceChecksum`. */
  checksum: string
}

export const priceFileFormat = 'llm-gateway-prices'
export const priceFileVersion = 1

/** Bytes. LiteLLM's list, the greatest of those that are known, has 1.6 MB. */
export const priceFileLimit = 32 * 1024 * 1024

export function priceFilesIn(folder: string): { file: string; previous: string } {
  return { file: join(folder, 'prices.json'), previous: join(folder, 'prices.previous.json') }
}

/** undefined: it is not there. Throws an Error that says why it cannot be used. */
export async function readPriceFile(file: string): Promise<PriceFile | undefined> {
  const size = (await stat(file).catch(missing))?.size
  if (size === undefined) return undefined
  if (size > priceFileLimit) throw new Error(`it has ${size} bytes, more than ${priceFileLimit}`)
  return parsePriceFile(await readFile(file, 'utf8'))
}

/** What was checked when it was written is not checked anew: the checksum says that nothing has changed since. */
export function parsePriceFile(text: string): PriceFile {
  const value = parsed(text)
  if (!isObject(value) || value['format'] !== priceFileFormat) throw new Error('it is no price table of this gateway')
  if (value['version'] !== priceFileVersion) throw new Error('it is of a version that is not known here')
  const providers = value['providers']
  if (!Array.isArray(providers) || !providers.every((each) => isObject(each) && typeof each['models'] === 'string')) {
    throw new Error('its providers are damaged')
  }
  const table = value as unknown as PriceFile
  if (table.checksum !== priceChecksum(table)) throw new Error('its checksum is wrong: it was changed or cut off')
  return table
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('it is no JSON')
  }
}

export function priceChecksum({ providers }: PriceTable): string {
  const hash = createHash('sha256')
  for (const { models, ...rest } of providers) hash.update(`${JSON.stringify(rest)}\n${models}\n`)
  return hash.digest('hex')
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
