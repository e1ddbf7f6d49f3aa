import { join } from 'node:path'

/** The program in a folder of unpacked apps, as electron-builder lays them out. Throws when there is none. */
export function packagedProgram(
  folder: string,
  exists: (path: string) => boolean,
  list: (path: string) => readonly string[],
): string {
  const candidates = (exists(folder) ? list(folder) : []).flatMap((name) => {
    if (/^linux(-\w+)?-unpacked$/.test(name)) return [join(folder, name, 'llm-gateway')]
    if (/^win(-\w+)?-unpacked$/.test(name)) return [join(folder, name, 'LLM Gateway.exe')]
    if (/^mac(-\w+)?$/.test(name)) return [join(folder, name, 'LLM Gateway.app/Contents/MacOS/LLM Gateway')]
    return []
  })
  const found = candidates.find(exists)
  if (found === undefined) throw new Error(`There is no packaged app in ${folder}: run \`npm run package:dir\` first.`)
  return found
}
