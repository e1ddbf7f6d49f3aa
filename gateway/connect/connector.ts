import type { ToolVerification } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { isSame, pathText, readValue, type Path } from './edit.ts'
import { findWrittenKey, readText, writeValues, type Written } from './file-edits.ts'
import { diffOf, type FileDiff } from './file-diff.ts'
import { checkWritable, readTextFile } from './files.ts'
import { SyntaxProblem } from './formats/format.ts'
import { formats, type FormatName } from './formats/index.ts'
import { hashOfKey, maskKey } from './key-mask.ts'
import { shownPath, type Places } from './places.ts'
import { createRecords, type Connection } from './records.ts'
import { secretOf, type EditTool, type FilePlace, type Target } from './tool.ts'
import { hashOfText, undoFile, type KeptFile, type Undone } from './undo-file.ts'
import { verifyTool } from './verify.ts'
import { HalfWritten, writeAll, type Step } from './write-steps.ts'

export interface ConnectorPorts {
  places: Places
  /** `connect` in the data folder. */
  folder: string
  /** Where and with what variables the tool would run; undefined: not known, as from a window or a server. */
  shell: { workingDirectory: string; env: Places['env'] } | undefined
  /** Milliseconds since 1970. */
  now: () => number
}

/** How a tool stands, in the words of the contract. */
export interface ToolLook {
  state: 'no' | 'yes' | 'changed' | 'broken'
  detail: string | undefined
  files: { path: string; exists: boolean; problem: string | undefined }[]
  connection: Connection | undefined
  /** The client key that its files hold. */
  key: string | undefined
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
  const shown = (path: string): string => shownPath(places, path)

  async function planConnect(tool: EditTool, target: Target): Promise<Step[]> {
    const refusal = tool.refusal?.(places)
    if (refusal !== undefined) throw new GatewayError('invalid_request', refusal)
    const connection = await records.read(tool.id)
    const key = secretOf(target)
    const files = await eachFile(tool, async (name, place) => {
      const kept = connection?.files[name] as KeptFile | undefined
      const now = await readTextFile(place.path)
      return { name, place, now, kept: kept?.path === place.path ? kept : undefined }
    })
    // As if it had been undone: what was there before stays what undoing brings back.
    const baseOf = ({ place, now, kept }: (typeof files)[number], again: Path[]): string | undefined =>
      kept === undefined ? now : inWords(place, () => undoFile(formats[place.format], kept, now, again).text)
    const isNew = (name: string): boolean => files.every((file) => file.name !== name || baseOf(file, []) === undefined)
    const edits = tool.edits(target, isNew)
    return files.map((file) => {
      const { name, place, now, kept } = file
      const own = edits[name] ?? []
      const before = baseOf(
        file,
        own.map(({ path }) => path),
      )
      const { text, written } = inWords(place, () => writeValues(formats[place.format], before ?? '', own, key))
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

  async function planUndo(tool: EditTool): Promise<{ steps: (Step & Undone)[]; connection: Connection }> {
    const connection = await records.read(tool.id)
    if (connection === undefined) {
      throw new GatewayError('invalid_request', `${tool.name} is not connected, so there is nothing to undo.`)
    }
    const steps = await eachFile(tool, async (name, { format }) => {
      const kept = connection.files[name] as KeptFile | undefined
      if (kept === undefined) return []
      const place = { path: kept.path, format }
      const now = await readTextFile(kept.path)
      const undone = inWords(place, () => undoFile(formats[format], kept, now))
      return [{ name, place, now, next: undone.text, kept, ...undone }]
    })
    return { steps: steps.flat(), connection }
  }

  function eachFile<T>(tool: EditTool, run: (name: string, place: FilePlace) => Promise<T>): Promise<T[]> {
    return Promise.all(Object.entries(tool.files(places)).map(([name, place]) => run(name, place)))
  }

  function inWords<T>({ path }: FilePlace, run: () => T): T {
    try {
      return run()
    } catch (error) {
      if (!(error instanceof SyntaxProblem)) throw error
      throw new GatewayError('invalid_request', `${placeText(shown(path), error)}. Nothing was changed.`, {
        cause: error,
      })
    }
  }

  async function look(tool: EditTool): Promise<ToolLook> {
    try {
      return await lookWith(tool, await records.read(tool.id))
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      // A record that is no good is the trouble of one tool, not of the whole list.
      return { ...(await lookWith(tool, undefined)), state: 'broken', detail: error.message }
    }
  }

  async function lookWith(tool: EditTool, connection: Connection | undefined): Promise<ToolLook> {
    const looks = await eachFile(tool, (name, place) => lookAt(place, connection?.files[name]?.written ?? []))
    const key = looks.find((each) => each.key !== undefined)?.key
    const files = looks.map(({ path, exists, problem }) => ({ path: shown(path), exists, problem }))
    const broken = looks.find(({ problem }) => problem !== undefined)?.problem
    const rest = { files, connection, key }
    if (connection === undefined) return { state: 'no', detail: broken, ...rest }
    if (broken !== undefined) return { state: 'broken', detail: broken, ...rest }
    const changes = [...looks.flatMap((each) => each.changes), ...keyChange(connection, key)]
    return changes.length === 0
      ? { state: 'yes', detail: undefined, ...rest }
      : { state: 'changed', detail: changes.join('; '), ...rest }
  }

  async function lookAt(place: FilePlace, written: readonly Written[]) {
    const { path, format } = place
    try {
      const text = await readTextFile(path)
      if (text === undefined) {
        const changes = written.length === 0 ? [] : [`${shown(path)} is gone`]
        return { path, exists: false, problem: undefined, key: undefined, changes }
      }
      const { key, changes } = inWords(place, () => compare(formats[format], text, written))
      return {
        path,
        exists: true,
        problem: undefined,
        key,
        changes: changes.map((change) => `${shown(path)}: ${change}`),
      }
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      const problem = error.message.replace(/ Nothing was changed\.$/, '')
      return { path, exists: true, problem, key: undefined, changes: [] }
    }
  }

  async function connectAlone(tool: EditTool, target: Target, keyName: string | undefined): Promise<void> {
    const steps = await planConnect(tool, target)
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
      (await planConnect(tool, target)).map((step) => diffOf(step, { tool, key: secretOf(target), shown })),
    async connect(tool, target, keyName) {
      // First without: what is refused leaves nothing behind.
      await planConnect(tool, target)
      await records.alone(() => connectAlone(tool, target, keyName))
    },
    async previewUndo(tool) {
      const { steps } = await planUndo(tool)
      const { key } = await look(tool)
      return steps.map((step) => diffOf(step, { tool, key, shown }))
    },
    async undo(tool) {
      await planUndo(tool)
      const steps = await records.alone(async () => {
        const { steps } = await planUndo(tool)
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
      const texts = await eachFile(tool, async (name, place) => [name, await readTextFile(place.path)] as const)
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

type Format = (typeof formats)[FormatName]

function compare(
  format: Format,
  text: string,
  written: readonly Written[],
): { key: string | undefined; changes: string[] } {
  const data = readText(format, text)
  const key = findWrittenKey(format, text, written)
  const changes = written.flatMap(({ path, value, isChoice }) => {
    const now = readValue(data, path)
    if (now === undefined) return [`${pathText(path)} is gone`]
    return isChoice === true || isSame(maskKey(now, key), value) ? [] : [`${pathText(path)} has another value`]
  })
  return { key, changes }
}

function keyChange({ keyHash }: Connection, key: string | undefined): string[] {
  if (keyHash === undefined || key === undefined || hashOfKey(key) === keyHash) return []
  return ['the key is another one']
}

function placeText(path: string, { line, column, message }: SyntaxProblem): string {
  return line === undefined ? `${path}: ${message}` : `${path}:${line}:${column ?? 1}: ${message}`
}
