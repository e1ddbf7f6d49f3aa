import { GatewayError } from '../errors.ts'
import { readTextFile, removeFile, stageTextFile, type StagedFile } from './files.ts'
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

/** What was written could not be put back, so it is still to be undone. */
export class HalfWritten extends GatewayError {
  constructor(paths: readonly string[], cause: unknown) {
    const why = cause instanceof Error ? ` (${cause.message})` : ''
    const message = `Not all files could be written${why}, and ${paths.join(', ')} could not be put back: undo it later.`
    super('invalid_request', message, { cause })
  }
}

/**
 * All files or none. All new texts lie ready beside their files before the first takes its place, so that a full disk
 * changes nothing; what was put in place before another one failed is put back. Answers the folders that were made.
 */
export async function writeAll(steps: readonly Step[]): Promise<Map<string, string>> {
  const changes = steps.filter(({ now, next }) => next !== now)
  const staged = await stageAll(changes)
  const done: Step[] = []
  try {
    for (const step of changes) {
      await checkUnchanged(step)
      done.push(step)
      await (staged.get(step)?.commit() ?? removeFile(step.place.path, step.kept?.madeFolder))
    }
  } catch (error) {
    const stuck = await putBack(done)
    await discardAll(staged)
    throw stuck.length === 0 ? error : new HalfWritten(stuck, error)
  }
  return new Map(
    [...staged].flatMap(([{ name }, { madeFolder }]) => (madeFolder === undefined ? [] : [[name, madeFolder]])),
  )
}

async function stageAll(steps: readonly Step[]): Promise<Map<Step, StagedFile>> {
  const staged = new Map<Step, StagedFile>()
  try {
    for (const step of steps) {
      if (step.next !== undefined) staged.set(step, await stageTextFile(step.place.path, step.next))
    }
    return staged
  } catch (error) {
    await discardAll(staged)
    throw error
  }
}

/** Backwards: the folder that was made for the first goes last. */
async function discardAll(staged: ReadonlyMap<Step, StagedFile>): Promise<void> {
  for (const file of [...staged.values()].toReversed()) await file.discard().catch(() => undefined)
}

/** Answers the paths of those that could not be. */
async function putBack(steps: readonly Step[]): Promise<string[]> {
  const stuck: string[] = []
  for (const { place, now, next, kept } of steps.toReversed()) {
    try {
      // It was not written, or somebody else has written it since.
      if ((await readTextFile(place.path)) !== next) continue
      if (now === undefined) await removeFile(place.path, kept?.madeFolder)
      else await (await stageTextFile(place.path, now)).commit()
    } catch {
      stuck.push(place.path)
    }
  }
  return stuck
}

async function checkUnchanged({ place, now }: Step): Promise<void> {
  if ((await readTextFile(place.path)) === now) return
  throw new GatewayError(
    'invalid_request',
    `${place.path} was changed by another program just now. Nothing was changed; try again.`,
  )
}
