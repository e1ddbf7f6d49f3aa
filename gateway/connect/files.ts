import { constants } from 'node:fs'
import { access, mkdir, readFile, readlink, realpath, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { saveConfigFile } from '../config/save.ts'
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

export async function readBytes(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw problem(path, `cannot be read: ${reasonOf(error)}`)
  }
}

/**
 * Written in one step, through links, with the mode it has; a new one is for its owner alone. Answers the uppermost
 * folder that had to be made. Throws GatewayError, and then nothing is written.
 */
export async function writeTextFile(path: string, text: string): Promise<string | undefined> {
  await checkWritable(path)
  const target = await throughLinks(path)
  try {
    const madeFolder = await mkdir(dirname(target), { recursive: true, mode: 0o700 })
    await saveConfigFile(target, text)
    return madeFolder
  } catch (error) {
    throw problem(path, `cannot be written: ${reasonOf(error)}`)
  }
}

/** And the folders that were made for it, where nothing else is in them. */
export async function removeFile(path: string, madeFolder: string | undefined): Promise<void> {
  try {
    // A link that was there before stays one.
    await rm(await throughLinks(path), { force: true })
  } catch (error) {
    throw problem(path, `cannot be removed: ${reasonOf(error)}`)
  }
  if (madeFolder === undefined) return
  for (let folder = dirname(path); folder.startsWith(madeFolder); folder = dirname(folder)) {
    if (
      !(await rmdir(folder).then(
        () => true,
        () => false,
      ))
    )
      return
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

function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException
  return reasons[code] ?? message
}
