import { GatewayError } from '../errors.ts'
import { isSame, pathText, readValue } from './edit.ts'
import { findWrittenKey, readText, type Written } from './file-edits.ts'
import { readTextFile } from './files.ts'
import { formats, type FormatName } from './formats/index.ts'
import { hashOfKey, maskKey } from './key-mask.ts'
import { shownPath, type Places } from './places.ts'
import type { Connection } from './records.ts'
import type { EditTool, FilePlace } from './tool.ts'
import { eachFile, inWords } from './tool-files.ts'

/** How a tool stands, in the words of the contract. */
export interface ToolLook {
  state: 'no' | 'yes' | 'changed' | 'broken'
  detail: string | undefined
  files: { path: string; exists: boolean; problem: string | undefined }[]
  connection: Connection | undefined
  /** The client key that its files hold. */
  key: string | undefined
}

interface FileLook {
  path: string
  exists: boolean
  problem: string | undefined
  key: string | undefined
  /** What is not as it was written, in words. */
  changes: string[]
}

/** `connection`: what is remembered of it; undefined: it is not connected. What is wrong with a file is told, not thrown. */
export async function lookTool(tool: EditTool, connection: Connection | undefined, places: Places): Promise<ToolLook> {
  const looks = await eachFile(tool, places, (name, place) =>
    lookAt(place, connection?.files[name]?.written ?? [], places),
  )
  const key = looks.find((each) => each.key !== undefined)?.key
  const files = looks.map(({ path, exists, problem }) => ({ path: shownPath(places, path), exists, problem }))
  const broken = looks.find(({ problem }) => problem !== undefined)?.problem
  const rest = { files, connection, key }
  if (connection === undefined) return { state: 'no', detail: broken, ...rest }
  if (broken !== undefined) return { state: 'broken', detail: broken, ...rest }
  const changes = [...looks.flatMap((each) => each.changes), ...keyChange(connection, key)]
  return changes.length === 0
    ? { state: 'yes', detail: undefined, ...rest }
    : { state: 'changed', detail: changes.join('; '), ...rest }
}

async function lookAt(place: FilePlace, written: readonly Written[], places: Places): Promise<FileLook> {
  const { path, format } = place
  const shown = shownPath(places, path)
  try {
    const text = await readTextFile(path)
    if (text === undefined) {
      const changes = written.length === 0 ? [] : [`${shown} is gone`]
      return { path, exists: false, problem: undefined, key: undefined, changes }
    }
    const { key, changes } = inWords(place, places, () => compare(formats[format], text, written))
    return {
      path,
      exists: true,
      problem: undefined,
      key,
      changes: changes.map((change) => `${shown}: ${change}`),
    }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    const problem = error.message.replace(/ Nothing was changed\.$/, '')
    return { path, exists: true, problem, key: undefined, changes: [] }
  }
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
