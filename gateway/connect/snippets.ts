import { writeValues } from './file-edits.ts'
import { formats } from './formats/index.ts'
import { shownPath, type Places } from './places.ts'
import type { Card, EditTool, Target, Tool } from './tool.ts'

/** Shown where the key goes. */
export const keyPlaceholder = 'YOUR_KEY'
/** And where the name of a model goes. */
export const modelPlaceholder = 'MODEL'

/** What can be pasted by hand. For a tool with files: what connecting would write into them. */
export function cardsOf(tool: Tool, target: Target, places: Places): Card[] {
  if (tool.kind === 'copy') return tool.cards(target)
  const chosen = tool.model === 'required' ? { ...target, model: target.model ?? modelPlaceholder } : target
  return [...fileCards(tool, chosen, places), ...(tool.cards?.(target) ?? [])]
}

const languages = { json: 'json', toml: 'toml', yaml: 'yaml', dotenv: 'shell' } as const

function fileCards(tool: EditTool, target: Target, places: Places): Card[] {
  const edits = tool.edits(target, () => false)
  return Object.entries(tool.files(places)).map(([name, { path, format }]) => ({
    title: shownPath(places, path),
    language: languages[format],
    text: writeValues(formats[format], '', edits[name] ?? [], undefined).text,
  }))
}
