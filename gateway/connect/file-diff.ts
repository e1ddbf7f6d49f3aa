import { createScrubber } from '../telemetry/scrub.ts'
import { readValue } from './edit.ts'
import { readText } from './file-edits.ts'
import { formats } from './formats/index.ts'
import { keyMark, maskKey, shownKey } from './key-mask.ts'
import { unifiedDiff } from './lines.ts'
import type { EditTool } from './tool.ts'
import type { Step } from './write-steps.ts'

export interface FileDiff {
  path: string
  isNew: boolean
  /** Unified, the key masked, and other keys that the file holds redacted; empty: nothing changes. */
  diff: string
}

export interface DiffPorts {
  tool: EditTool
  /** Of the gateway, in the one text or the other. */
  key: string | undefined
  /** As people write a path. */
  shown: (path: string) => string
}

export function diffOf({ name, place, now, next }: Step, { tool, key, shown }: DiffPorts): FileDiff {
  const path = shown(place.path)
  const names = { before: now === undefined ? '/dev/null' : path, after: next === undefined ? '/dev/null' : path }
  const diff = unifiedDiff(maskKey(now ?? '', key), maskKey(next ?? '', key), names)
  const own = secretsIn(tool, { name, format: place.format, texts: [now, next] }).filter((secret) => secret !== key)
  const scrub = createScrubber(() => own)
  const mask = key === undefined ? keyMark : shownKey(key)
  // Around our own key, which is told by its end, everything else may be keys of the user.
  const shownLine = (line: string): string => line.split(keyMark).map(scrub).join(mask)
  return { path, isNew: now === undefined, diff: diff.split('\n').map(shownLine).join('\n') }
}

interface Texts {
  name: string
  format: keyof typeof formats
  texts: readonly (string | undefined)[]
}

/** What stands in the tool's places for keys, before and after. */
function secretsIn(tool: EditTool, { name, format, texts }: Texts): string[] {
  const paths = tool.watched.filter(({ isSecret, file }) => isSecret === true && file === name).map(({ path }) => path)
  return texts.flatMap((text) => {
    if (text === undefined) return []
    const data = readText(formats[format], text)
    return paths.map((path) => readValue(data, path)).filter((value) => typeof value === 'string')
  })
}
