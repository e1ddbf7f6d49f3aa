import type { Edit, Path } from './edit.ts'
import type { FormatName } from './formats/index.ts'
import type { Places } from './places.ts'

/** What stands for a key where the gateway takes calls without one: many tools insist on some key. */
export const placeholderKey = 'local'

/** Where a tool is pointed. */
export interface Target {
  /** Of the gateway, without a path: `http://127.0.0.1:8080`. */
  baseUrl: string
  key: string
  model: string | undefined
  /** For small tasks: titles, summaries. */
  smallModel: string | undefined
  /** Names for the tool's picker: what the gateway offers, without what was chosen. */
  offered: readonly string[]
}

/** The key, if it is one. */
export function secretOf({ key }: Pick<Target, 'key'>): string | undefined {
  return key === placeholderKey ? undefined : key
}

/** What a picker is to list: what was chosen first. */
export function allModels({ model, smallModel, offered }: Target): string[] {
  return [...new Set([model, smallModel, ...offered])].filter((name) => name !== undefined)
}

export interface Card {
  title: string
  /** `shell`, `json`, `yaml`, `toml`, `typescript`, `python`, `text` */
  language: string
  text: string
}

interface AnyTool {
  id: string
  name: string
  /** One line on what connecting does. */
  summary: string
  model: 'none' | 'optional' | 'required'
  hasSmallModel: boolean
  /** The vendor's page. */
  documentation?: string
  /** What to do beside. */
  notes: readonly string[]
  /** What cannot be done, said plainly. */
  cannot: readonly string[]
  /** Where it is seen that the tool is installed; absent: it cannot be seen. */
  signs?: (places: Places) => Signs
}

export interface Signs {
  folders: readonly string[]
  /** Looked for on the PATH. */
  programs: readonly string[]
}

/** A tool that is pointed by hand. */
export interface CopyTool extends AnyTool {
  kind: 'copy'
  cards: (target: Target) => Card[]
}

/** A tool whose files can be edited. */
export interface EditTool extends AnyTool {
  kind: 'edits'
  /** By a name of our own, in the order in which they are written. */
  files: (places: Places) => Record<string, FilePlace>
  /** The values to be written, by the file's name. `isNew`: the file is not there yet. */
  edits: (target: Target, isNew: (file: string) => boolean) => Record<string, Edit[]>
  /** It takes its key in its own window alone, so connecting writes none. */
  keyByHand?: string
  /** Why connecting would do harm here. */
  refusal?: (places: Places) => string | undefined
  /** What counts in the end, for `verify`. */
  watched: readonly Watched[]
  /** Variables of the shell that get in the way whatever they hold, and how. */
  rivals?: Readonly<Record<string, string>>
  /** What else in its files keeps the gateway from being used. */
  pitfalls?: (data: (file: string) => unknown) => string[]
  /** Beside those that show the files. */
  cards?: (target: Target) => Card[]
}

export interface FilePlace {
  path: string
  format: FormatName
}

export type Tool = CopyTool | EditTool

/** A setting of the tool and what can decide it instead of the file. */
export interface Watched {
  /** In words: `Address`. */
  name: string
  isSecret?: boolean
  file: string
  path: Path
  /** Files that win over it. */
  overrides?: readonly Override[]
  /** A variable that decides it, too. */
  variable?: string
}

export interface Override {
  /** Relative: in the folder that the tool runs in, or one above. Absolute: of the machine. */
  file: string
  format: FormatName
  path: Path
  /** Where it is, our file is not read at all, whatever it holds. */
  hides?: boolean
}
