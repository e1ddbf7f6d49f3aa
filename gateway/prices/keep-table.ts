import { copyFile, mkdir, rename, rm } from 'node:fs/promises'
import { saveConfigFile } from '../config/save.ts'
import {
  priceChecksum,
  priceFileFormat,
  priceFilesIn,
  priceFileVersion,
  readPriceFile,
  type PriceFile,
} from '../models/price-file.ts'
import { countModels, pack, type PlainProvider } from './plain-table.ts'

export interface TableToKeep {
  providers: readonly PlainProvider[]
  source: string
  kind: string
  /** Milliseconds since 1970. */
  at: number
}

/** Takes effect in one step; a gateway that runs takes it up by itself. The table that was good until now is kept beside it. */
export async function keepTable(folder: string, { providers, source, kind, at }: TableToKeep): Promise<PriceFile> {
  const packed = pack(providers)
  const kept: PriceFile = {
    format: priceFileFormat,
    version: priceFileVersion,
    source,
    kind,
    updatedAt: new Date(at).toISOString(),
    models: countModels(providers),
    checksum: priceChecksum(packed),
    ...packed,
  }
  const { file, previous } = priceFilesIn(folder)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // A damaged file must not push out the good one.
  if ((await readPriceFile(file).catch(() => undefined)) !== undefined) {
    await copyFile(file, `${previous}.tmp`)
    await rename(`${previous}.tmp`, previous)
  }
  await saveConfigFile(file, `${JSON.stringify(kept, undefined, 1)}\n`)
  return kept
}

/** Answers whether there was one. The older goes first: at no time is it the newest that is there. */
export async function dropTable(folder: string): Promise<boolean> {
  const { file, previous } = priceFilesIn(folder)
  const had = (await readPriceFile(file).catch(() => 'damaged')) !== undefined
  await rm(previous, { force: true })
  await rm(file, { force: true })
  return had
}
