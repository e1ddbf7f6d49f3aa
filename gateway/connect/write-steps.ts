import { GatewayError } from '../errors.ts'
import { readTextFile, removeFile, writeTextFile } from './files.ts'
import type { FilePlace } from './tool.ts'
import type { KeptFile } from './undo-file.ts'

/** One file on its way from what it is to what it will be. */
export interface Step {
  name: string
  place: FilePlace
  now: string | undefined
  next: string | undefined
  kept: KeptFile | undefined
}

/** All files or none: what was written before one failed is put back. Answers the folders that were made. */
export async function writeAll(steps: readonly Step[]): Promise<Map<string, string>> {
  const done: Step[] = []
  const made = new Map<string, string>()
  try {
    for (const step of steps) {
      if (step.next === step.now) continue
      await checkUnchanged(step)
      done.push(step)
      const folder = await writeStep(step, step.next)
      if (folder !== undefined) made.set(step.name, folder)
    }
    return made
  } catch (error) {
    for (const step of done.toReversed()) await writeStep(step, step.now).catch(() => undefined)
    throw error
  }
}

async function writeStep({ place, kept }: Step, text: string | undefined): Promise<string | undefined> {
  if (text !== undefined) return writeTextFile(place.path, text)
  await removeFile(place.path, kept?.madeFolder)
  return undefined
}

async function checkUnchanged({ place, now }: Step): Promise<void> {
  if ((await readTextFile(place.path)) === now) return
  throw new GatewayError(
    'invalid_request',
    `${place.path} was changed by another program just now. Nothing was changed; try again.`,
  )
}
