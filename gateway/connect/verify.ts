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
    ...found.flatMap(({ conflict, setting }) => {
      if (conflict !== undefined) return [conflict]
      return setting.isOurs || setting.value === null ? [] : [`${setting.name} is not what was written.`]
    }),
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

async function verifySetting(watched: Watched, tool: EditTool, ports: VerifyPorts): Promise<Found> {
  const ours = writtenAt(ports.written(watched.file), watched.path)
  const path = ports.pathOf(watched.file)
  const shown = (value: unknown): string | null => shownValue(value, watched.isSecret === true)
  const isOurs = (value: unknown): boolean => isSame(maskKey(value, ports.key), ours)
  const override = await findOverride(watched, path, ports)
  if (override !== undefined && !isOurs(override.value)) {
    const from = ports.shown(override.path)
    const setting = { name: watched.name, value: shown(override.value), from, isOurs: false }
    if (ours === undefined) return { setting: { ...setting, isOurs: true } }
    const conflict =
      override.value === undefined
        ? `${tool.name} reads ${from} instead of ${ports.shown(path)} when it runs in that folder: copy the lines there, or remove it.`
        : `${from} sets ${watched.name.toLowerCase()} to ${shown(override.value)}, which wins over ${ports.shown(path)}: take it out there.`
    return { setting, conflict }
  }
  const { variable } = watched
  const fromShell = variable === undefined ? undefined : ports.env[variable]
  if (variable !== undefined && fromShell !== undefined && fromShell !== '' && !isOurs(fromShell)) {
    const setting = {
      name: watched.name,
      value: shown(fromShell),
      from: `environment variable ${variable}`,
      isOurs: ours === undefined,
    }
    if (ours === undefined) return { setting }
    return {
      setting,
      conflict: `${variable} is set in the environment to ${shown(fromShell)}: unset it, or it may win over ${ports.shown(path)}.`,
    }
  }
  const value = readValue(ports.data(watched.file), watched.path)
  const from = value === undefined ? null : ports.shown(path)
  return { setting: { name: watched.name, value: shown(value), from, isOurs: ours === undefined || isOurs(value) } }
}

/** Of the value itself, or of the section around it. */
function writtenAt(all: readonly Written[], path: Path): unknown {
  const around = all.find((each) => each.path.every((segment, depth) => isSame(segment, path[depth])))
  return around === undefined ? undefined : readValue(around.value, path.slice(around.path.length))
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

function shownValue(value: unknown, isSecret: boolean): string | null {
  if (value === undefined || value === null) return null
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return isSecret ? shownKey(text) : text
}
