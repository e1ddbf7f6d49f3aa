import { GatewayError } from '../errors.ts'
import type { Path } from './edit.ts'
import { writeValues } from './file-edits.ts'
import { readTextFile } from './files.ts'
import { formats } from './formats/index.ts'
import { maskKey } from './key-mask.ts'
import type { Places } from './places.ts'
import type { Records } from './records.ts'
import { secretOf, type EditTool, type Target } from './tool.ts'
import { eachFile, inWords } from './tool-files.ts'
import { hashOfText, undoFile, type KeptFile, type Undone } from './undo-file.ts'
import type { Step } from './write-steps.ts'

interface PlanPorts {
  places: Places
  records: Records
}

/** What connecting would write. Writes nothing; throws GatewayError. */
export async function planConnect(tool: EditTool, target: Target, { places, records }: PlanPorts): Promise<Step[]> {
  const refusal = tool.refusal?.(places)
  if (refusal !== undefined) throw new GatewayError('invalid_request', refusal)
  const connection = await records.read(tool.id)
  const key = secretOf(target)
  const files = await eachFile(tool, places, async (name, place) => {
    const kept = connection?.files[name] as KeptFile | undefined
    const now = await readTextFile(place.path)
    return { name, place, now, kept: kept?.path === place.path ? kept : undefined }
  })
  // As if it had been undone: what was there before stays what undoing brings back.
  const baseOf = ({ place, now, kept }: (typeof files)[number], again: Path[]): string | undefined =>
    kept === undefined ? now : inWords(place, places, () => undoFile(formats[place.format], kept, now, again).text)
  const isNew = (name: string): boolean => files.every((file) => file.name !== name || baseOf(file, []) === undefined)
  const edits = tool.edits(target, isNew)
  return files.map((file) => {
    const { name, place, now, kept } = file
    const own = edits[name] ?? []
    const before = baseOf(
      file,
      own.map(({ path }) => path),
    )
    const { text, written } = inWords(place, places, () => writeValues(formats[place.format], before ?? '', own, key))
    const after = { afterHash: hashOfText(text), after: maskKey(text, key), written }
    return {
      name,
      place,
      now,
      next: text,
      kept: { path: place.path, before, ...after, madeFolder: kept?.madeFolder },
    }
  })
}

/** What undoing would write. Writes nothing; throws GatewayError. */
export async function planUndo(tool: EditTool, { places, records }: PlanPorts): Promise<(Step & Undone)[]> {
  const connection = await records.read(tool.id)
  if (connection === undefined) {
    throw new GatewayError('invalid_request', `${tool.name} is not connected, so there is nothing to undo.`)
  }
  const steps = await eachFile(tool, places, async (name, { format }) => {
    const kept = connection.files[name] as KeptFile | undefined
    if (kept === undefined) return []
    const place = { path: kept.path, format }
    const now = await readTextFile(kept.path)
    const undone = inWords(place, places, () => undoFile(formats[format], kept, now))
    return [{ name, place, now, next: undone.text, kept, ...undone }]
  })
  return steps.flat()
}
