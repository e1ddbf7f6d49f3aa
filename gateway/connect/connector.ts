import type { ToolVerification } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { pathText } from './edit.ts'
import { diffOf, type FileDiff } from './file-diff.ts'
import { readText } from './file-edits.ts'
import { checkWritable, readTextFile } from './files.ts'
import { formats } from './formats/index.ts'
import { hashOfKey } from './key-mask.ts'
import { lookTool, type ToolLook } from './look-tool.ts'
import { shownPath, type Places } from './places.ts'
import { planConnect, planUndo } from './plan-edits.ts'
import { createRecords, type Connection } from './records.ts'
import { secretOf, type EditTool, type FilePlace, type Target } from './tool.ts'
import { eachFile } from './tool-files.ts'
import type { KeptFile, Undone } from './undo-file.ts'
import { verifyTool } from './verify.ts'
import { HalfWritten, writeAll } from './write-steps.ts'

export interface ConnectorPorts {
  places: Places
  /** `connect` in the data folder. */
  folder: string
  /** Where and with what variables the tool would run; undefined: not known, as from a window or a server. */
  shell: { workingDirectory: string; env: Places['env'] } | undefined
  /** Milliseconds since 1970. */
  now: () => number
}

export interface UndoneFile {
  path: string
  outcome: Undone['outcome']
}

/** Points tools at the gateway and back, in their own files. Every method throws GatewayError, and then nothing is written. */
export interface Connector {
  look(tool: EditTool): Promise<ToolLook>
  preview(tool: EditTool, target: Target): Promise<FileDiff[]>
  /** `keyName`: of the client key in the target; undefined: it is a placeholder. */
  connect(tool: EditTool, target: Target, keyName: string | undefined): Promise<void>
  previewUndo(tool: EditTool): Promise<FileDiff[]>
  /** Answers what was done, and values of ours that somebody changed since, which stay. */
  undo(tool: EditTool): Promise<{ files: UndoneFile[]; left: string[] }>
  verify(tool: EditTool): Promise<ToolVerification>
  /** Shown as people write it: `~/...`. */
  shown(path: string): string
}

export function createConnector(ports: ConnectorPorts): Connector {
  const { places } = ports
  const records = createRecords(ports.folder)
  const plans = { places, records }
  const shown = (path: string): string => shownPath(places, path)

  async function look(tool: EditTool): Promise<ToolLook> {
    try {
      return await lookTool(tool, await records.read(tool.id), places)
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      // A record that is no good is the trouble of one tool, not of the whole list.
      return { ...(await lookTool(tool, undefined, places)), state: 'broken', detail: error.message }
    }
  }

  async function connectAlone(tool: EditTool, target: Target, keyName: string | undefined): Promise<void> {
    const steps = await planConnect(tool, target, plans)
    const previous = await records.read(tool.id)
    for (const { place } of steps) await checkWritable(place.path)
    for (const { place } of steps) await records.keepOriginal(place.path, ports.now())
    const kept = steps.flatMap((step) => (step.kept === undefined ? [] : [{ name: step.name, ...step.kept }]))
    const record: Connection = {
      version: 1,
      tool: tool.id,
      connectedAt: ports.now(),
      baseUrl: target.baseUrl,
      ...(target.model !== undefined && { model: target.model }),
      ...(target.smallModel !== undefined && { smallModel: target.smallModel }),
      ...(keyName !== undefined && { keyName }),
      ...(secretOf(target) !== undefined && { keyHash: hashOfKey(target.key) }),
      files: Object.fromEntries(kept.map(({ name, ...file }) => [name, recordOf(file)])),
    }
    // Before the files: whatever happens in between, it is known how to get back.
    await records.save(record)
    const made = await writeAll(steps).catch(async (error: unknown) => {
      const putBack = previous === undefined ? () => records.remove(tool.id) : () => records.save(previous)
      if (!(error instanceof HalfWritten)) await putBack().catch(() => undefined)
      throw error
    })
    // Without it a folder stays when it is undone, which is no reason to fail now.
    if (made.size > 0) await records.save(withFolders(record, made)).catch(() => undefined)
  }

  return {
    look,
    shown,
    preview: async (tool, target) =>
      (await planConnect(tool, target, plans)).map((step) => diffOf(step, { tool, key: secretOf(target), shown })),
    async connect(tool, target, keyName) {
      // First without: what is refused leaves nothing behind.
      await planConnect(tool, target, plans)
      await records.alone(() => connectAlone(tool, target, keyName))
    },
    async previewUndo(tool) {
      const steps = await planUndo(tool, plans)
      const { key } = await look(tool)
      return steps.map((step) => diffOf(step, { tool, key, shown }))
    },
    async undo(tool) {
      await planUndo(tool, plans)
      const steps = await records.alone(async () => {
        const steps = await planUndo(tool, plans)
        for (const { place, now, next } of steps) if (next !== now) await checkWritable(place.path)
        // Backwards: the folder that was made for the first file can go only when the others are gone.
        await writeAll(steps.toReversed())
        await records.remove(tool.id)
        return steps
      })
      return {
        files: steps.map(({ place, outcome }) => ({ path: shown(place.path), outcome })),
        left: steps.flatMap(({ place, left }) => left.map((path) => `${pathText(path)} in ${shown(place.path)}`)),
      }
    },
    async verify(tool) {
      const { connection, key } = await look(tool)
      const all = tool.files(places)
      const texts = await eachFile(tool, places, async (name, place) => [name, await readTextFile(place.path)] as const)
      const data = new Map(
        texts.map(([name, text]) => [name, text === undefined ? undefined : dataOf(all[name], text)]),
      )
      return verifyTool(tool, {
        data: (file) => data.get(file),
        pathOf: (file) => all[file]?.path ?? '',
        written: (file) => connection?.files[file]?.written ?? [],
        key,
        env: ports.shell?.env ?? {},
        workingDirectory: ports.shell?.workingDirectory,
        read: (path) => readTextFile(path).catch(() => undefined),
        shown,
      })
    },
  }
}

function dataOf(place: FilePlace | undefined, text: string): unknown {
  return place === undefined ? undefined : readText(formats[place.format], text)
}

function recordOf({ before, madeFolder, ...file }: KeptFile): Connection['files'][string] {
  const written = file.written.map((each) => ({
    ...each,
    path: [...each.path],
  })) as Connection['files'][string]['written']
  return { ...file, written, ...(before !== undefined && { before }), ...(madeFolder !== undefined && { madeFolder }) }
}

function withFolders(record: Connection, made: ReadonlyMap<string, string>): Connection {
  const files = Object.entries(record.files).map(([name, file]) => {
    const madeFolder = file.madeFolder ?? made.get(name)
    return [name, madeFolder === undefined ? file : { ...file, madeFolder }] as const
  })
  return { ...record, files: Object.fromEntries(files) }
}
