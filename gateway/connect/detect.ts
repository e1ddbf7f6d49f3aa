import { posix, win32 } from 'node:path'
import { shownPath, type Places } from './places.ts'
import type { Tool } from './tool.ts'

export interface Detection {
  /** undefined: cannot be told. */
  detected: boolean | undefined
  by: string | undefined
}

/** Whether the tool is installed here: its program is on the PATH, or its folder is there. */
export function detectTool(tool: Tool, places: Places): Detection {
  const signs = tool.signs?.(places)
  if (signs === undefined) return { detected: undefined, by: undefined }
  const program = signs.programs.find((name) => isOnPath(name, places))
  if (program !== undefined) return { detected: true, by: `${program} is on the PATH` }
  const folder = signs.folders.find((path) => places.exists(path))
  if (folder !== undefined) return { detected: true, by: `${shownPath(places, folder)} is there` }
  return { detected: false, by: undefined }
}

function isOnPath(program: string, { env, platform, exists }: Places): boolean {
  const path = platform === 'win32' ? win32 : posix
  const names = platform === 'win32' ? ['.exe', '.cmd', '.ps1'].map((ending) => program + ending) : [program]
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(path.delimiter).filter((folder) => folder !== '')
  return folders.some((folder) => names.some((name) => exists(path.join(folder, name))))
}
