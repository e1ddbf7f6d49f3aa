import { dirname, isAbsolute, join } from 'node:path'
import type { ToolSetting, ToolVerification } from '../contract.ts'
import { isSame, readValue, type Path } from './edit.ts'
import { readText, type Written } from './file-edits.ts'
import { formats, type FormatName } from './formats/index.ts'
import { maskKey, shownKey } from './key-mask.ts'
import type { EditTool, Override, Watched } from './tool.ts'

export interface VerifyPorts {
  /** The tool's files as data; undefined: not there. */
  data: (file: string) => unknown
  /** Absolute. */
  pathOf: (file: string) => string
  written: (file: string) => readonly Written[]
  key: string | undefined
  env: Readonly<Record<string, string | undefined>>
  /** Where the tool would run; undefined: not known, so files of projects are not looked for. */
  workingDirectory: string | undefined
  /** undefined: there is no such file, or it cannot be read. */
  read: (path: string) => Promise<string | undefined>
  /** As people write a path. */
  shown: (path: string) => string
}

/** What the tool will use, by its own order of precedence, and what stands in the way. */
export async function verifyTool(tool: EditTool, ports: VerifyPorts): Promise<ToolVerification> {
  const found = await Promise.all(tool.watched.map((watched) => verifySetting(watched, tool, ports)))
  const rivals = Object.entries(tool.rivals ?? {}).flatMap(([variable, why]) =>
    (ports.env[variable] ?? '') === '' ? [] : [`${variable} is set in the environment: ${why}. Unset it.`],
  )
  const conflicts = [
    ...found.flatMap(({ conflict }) => conflict ?? []),
    ...rivals,
    ...(tool.pitfalls?.(ports.data) ?? []),
  ]
  return {
    ok: conflicts.length === 0,
    settings: found.map(({ setting }) => setting),
    conflicts: [...new Set(conflicts)],
  }
}

interface Found {
  setting: ToolSetting
  conflict?: string
}

/** Where a value comes from, and what is to be said where it is another than ours. */
interface Source {
  value: unknown
  from: string | null
  trouble: string
}

async function verifySetting(watched: Watched, tool: EditTool, ports: VerifyPorts): Promise<Found> {
  const own = around(ports.written(watched.file), watched.path)
  const ours = own === undefined ? undefined : readValue(own.value, watched.path.slice(own.path.length))
  const isOurs = (value: unknown): boolean => isSame(maskKey(value, ports.key), ours)
  const stronger = [await fromOverride(watched, tool, ports), fromVariable(watched, ports)]
  const { value, from, trouble } =
    stronger.find((source) => source !== undefined && !isOurs(source.value)) ?? inFile(watched, ports)
  const setting = { name: watched.name, value: shownValue(value, watched.isSecret), from, isOurs: isOurs(value) }
  // What the user chose inside the tool is as good as what was chosen here.
  const isFine =
    own === undefined || setting.isOurs || (own.isChoice === true && from === ports.shown(ports.pathOf(watched.file)))
  return isFine ? { setting: { ...setting, isOurs: true } } : { setting, conflict: trouble }
}

function inFile(watched: Watched, ports: VerifyPorts): Source {
  const value = readValue(ports.data(watched.file), watched.path)
  const from = value === undefined ? null : ports.shown(ports.pathOf(watched.file))
  return { value, from, trouble: `${watched.name} is not what was written.` }
}

function fromVariable({ variable, isSecret, file }: Watched, ports: VerifyPorts): Source | undefined {
  const value = variable === undefined ? undefined : ports.env[variable]
  if (value === undefined || value === '') return undefined
  const trouble = `${variable} is set in the environment to ${shownValue(value, isSecret)}: unset it, or it may win over ${ports.shown(ports.pathOf(file))}.`
  return { value, from: `environment variable ${variable}`, trouble }
}

async function fromOverride(watched: Watched, tool: EditTool, ports: VerifyPorts): Promise<Source | undefined> {
  const path = ports.pathOf(watched.file)
  const found = await findOverride(watched, path, ports)
  if (found === undefined) return undefined
  const [from, own] = [ports.shown(found.path), ports.shown(path)]
  const trouble =
    found.value === undefined
      ? `${tool.name} reads ${from} instead of ${own} when it runs in that folder: copy the lines there, or remove it.`
      : `${from} sets ${watched.name.toLowerCase()} to ${shownValue(found.value, watched.isSecret)}, which wins over ${own}: take it out there.`
  return { value: found.value, from, trouble }
}

/** The value itself, or the section around it. */
function around(all: readonly Written[], path: Path): Written | undefined {
  return all.find((each) => each.path.every((segment, depth) => isSame(segment, path[depth])))
}

interface FoundOverride {
  path: string
  value: unknown
}

async function findOverride(
  { overrides = [] }: Watched,
  own: string,
  ports: VerifyPorts,
): Promise<FoundOverride | undefined> {
  for (const override of overrides) {
    for (const path of placesOf(override, ports.workingDirectory)) {
      if (path === own) continue
      const text = await ports.read(path)
      if (text === undefined) continue
      const value = valueIn(text, override)
      if (value !== undefined || override.hides === true) return { path, value }
    }
  }
  return undefined
}

/** In the folder and those above it, or the one place of the machine. */
function placesOf({ file }: Override, workingDirectory: string | undefined): string[] {
  if (isAbsolute(file)) return [file]
  const places: string[] = []
  for (
    let folder = workingDirectory;
    folder !== undefined;
    folder = dirname(folder) === folder ? undefined : dirname(folder)
  ) {
    places.push(join(folder, file))
  }
  return places
}

function valueIn(text: string, { format, path }: { format: FormatName; path: Path }): unknown {
  try {
    return readValue(readText(formats[format], text), path)
  } catch {
    // What cannot be read here the tool cannot read either.
    return undefined
  }
}

function shownValue(value: unknown, isSecret = false): string | null {
  if (value === undefined || value === null) return null
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return isSecret ? shownKey(text) : text
}
