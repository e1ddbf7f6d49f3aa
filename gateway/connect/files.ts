import { constants } from 'node:fs'
import { access, mkdir, readFile, readlink, realpath, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { stageConfigFile } from '../config/save.ts'
import { GatewayError } from '../errors.ts'

/** The edge to the files of other programs. Texts keep their byte order mark. */

/** undefined: there is no such file. Throws GatewayError for one that cannot be read, or that is no text. */
export async function readTextFile(path: string): Promise<string | undefined> {
  const bytes = await readBytes(path)
  if (bytes === undefined) return undefined
  const text = bytes.toString('utf8')
  if (!Buffer.from(text).equals(bytes)) throw problem(path, 'is not text in UTF-8, so it is left alone')
  return text
}

export async function readBytes(path: string, limit = mostBytes): Promise<Buffer | undefined> {
  try {
    const found = await stat(path)
    // A pipe, as password managers put in place of a .env file, would be waited for without end.
    if (!found.isFile() && !found.isDirectory()) throw problem(path, 'is not a file, so it is left alone')
    if (found.size > limit) throw problem(path, 'is larger than 4 MB, so it is left alone')
    return await readFile(path)
  } catch (error) {
    if (error instanceof GatewayError) throw error
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw problem(path, `cannot be read: ${reasonOf(error)}`)
  }
}

/** No configuration of a tool is nearly as large, and reading it would hold up every call of the gateway. */
const mostBytes = 4 * 1024 * 1024

/** A text that lies beside its file and takes its place in one step. */
export interface StagedFile {
  /** The uppermost folder that had to be made; undefined: none. */
  madeFolder: string | undefined
  commit(): Promise<void>
  /** The file stays as it is. */
  discard(): Promise<void>
}

/** Through links, with the mode the file has; a new one is for its owner alone. Throws GatewayError, and then nothing is written. */
export async function stageTextFile(path: string, text: string): Promise<StagedFile> {
  await checkWritable(path)
  const target = await throughLinks(path)
  const failed = (error: unknown): GatewayError => problem(path, `cannot be written: ${reasonOf(error)}`)
  let madeFolder: string | undefined
  try {
    madeFolder = await mkdir(dirname(target), { recursive: true, mode: 0o700 })
    const staged = await stageConfigFile(target, text)
    return {
      madeFolder,
      commit: () => staged.commit().catch((error: unknown) => Promise.reject(failed(error))),
      async discard() {
        await staged.discard()
        await removeFolders(dirname(target), madeFolder)
      },
    }
  } catch (error) {
    await removeFolders(dirname(target), madeFolder)
    throw failed(error)
  }
}

/** And the folders that were made for it, where nothing else is in them. */
export async function removeFile(path: string, madeFolder: string | undefined): Promise<void> {
  // A link that was there before stays one.
  const target = await throughLinks(path)
  try {
    await rm(target, { force: true })
  } catch (error) {
    throw problem(path, `cannot be removed: ${reasonOf(error)}`)
  }
  await removeFolders(dirname(target), madeFolder)
}

/** From the inner to the outer, as far as they are empty. */
async function removeFolders(inner: string, outer: string | undefined): Promise<void> {
  if (outer === undefined) return
  for (let folder = inner; folder.startsWith(outer); folder = dirname(folder)) {
    const isGone = await rmdir(folder).then(
      () => true,
      () => false,
    )
    if (!isGone) return
  }
}

/** Replacing a file needs only its folder, so a read-only file has to be asked: somebody wanted it to stay. */
export async function checkWritable(path: string): Promise<void> {
  const target = await throughLinks(path)
  const found = await stat(target).catch(() => undefined)
  if (found === undefined) return
  if (!found.isFile()) throw problem(path, 'is not a file')
  const isWritable = await access(target, constants.W_OK).then(
    () => true,
    () => false,
  )
  // The administrator may write everything, also what is managed by something else (Nix, Ansible).
  if (!isWritable || (found.mode & 0o222) === 0)
    throw problem(path, 'is read-only: allow writing it, or change it where it is made')
}

/** Where a link leads, also one whose target is not there yet. */
async function throughLinks(path: string, hops = 0): Promise<string> {
  const whole = await realpath(path).catch(() => undefined)
  if (whole !== undefined) return whole
  const link = await readlink(path).catch(() => undefined)
  if (link === undefined || hops > 20) return path
  return throughLinks(resolve(dirname(path), link), hops + 1)
}

function problem(path: string, what: string): GatewayError {
  return new GatewayError('invalid_request', `${path} ${what}. Nothing was changed.`)
}

const reasons: Partial<Record<string, string>> = {
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EISDIR: 'it is a folder',
}

/** Of an error of the file system, in words. */
export function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException
  return reasons[code] ?? message
}
