import { randomUUID } from 'node:crypto'
import { chmod, chown, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { isMap, isScalar, stringify, type Pair, type Scalar } from 'yaml'
import { hasAliases, withoutAliases } from './anchors.ts'
import { findPlace, nest, spliceEdit } from './edit-text.ts'
import type { ConfigPath } from './path.ts'
import { isRecord, valueAt, withValueAt } from './path.ts'
import { findPair } from './position.ts'
import { ConfigError } from './types.ts'
import type { YamlSource } from './yaml-source.ts'
import { parseYaml, plainData, syntaxProblems } from './yaml-source.ts'

export interface ConfigEdit {
  path: ConfigPath
  /** As it stands in the file (`60s`, `${OPENAI_API_KEY}`); undefined deletes the key or list item. */
  value: unknown
  /** The last key of the path is given this name first. */
  rename?: string
}

/** Edits, or how to make them of the data of the text as it is when it is their turn: paths hold list indices. */
export type ConfigEdits = readonly ConfigEdit[] | ((written: unknown) => readonly ConfigEdit[])

/** Throws ConfigError for a text that is not YAML. */
export function editsFor(text: string, edits: ConfigEdits): readonly ConfigEdit[] {
  return typeof edits === 'function' ? edits(plainData(readable(text))) : edits
}

/**
 * The text with the edits made, one after the other, and all else left alone: comments, order, blank lines, quotes, `${NAME}`. It does not
 * check the outcome against the schema: load it before saving it. Throws ConfigError for a text that is not YAML.
 */
export function editConfigText(text: string, edits: readonly ConfigEdit[]): string {
  return edits.reduce(applyEdit, readable(text)).text
}

function applyEdit(source: YamlSource, { path, value, rename }: ConfigEdit): YamlSource {
  if (path.length === 0) throw new TypeError('an edit needs a path')
  if (rename !== undefined) {
    const renamed = readable(renameKey(source, path, rename))
    return applyEdit(renamed, { path: [...path.slice(0, -1), rename], value })
  }
  return changes(valueAt(dataOf(source), path), { path, value }).reduce(applyChange, source)
}

function dataOf({ document }: YamlSource): unknown {
  return document.toJS() as unknown
}

/** One edit as the smallest changes that make it, so that comments inside an edited section survive. */
function changes(before: unknown, { path, value }: ConfigEdit): ConfigEdit[] {
  if (isDeepStrictEqual(before, value)) return []
  if (isRecord(before) && isRecord(value) && hasMembers(value)) {
    // Deletions last: a section that is empty for a moment would go.
    const gone = Object.keys(before).filter((key) => value[key] === undefined)
    return [...Object.keys(value).filter((key) => !gone.includes(key)), ...gone].flatMap((key) =>
      changes(before[key], { path: [...path, key], value: value[key] }),
    )
  }
  if (Array.isArray(before) && Array.isArray(value) && before.length > 0 && value.length > 0) {
    return listChanges(before, value, path)
  }
  return [{ path, value }]
}

function hasMembers(value: Record<string, unknown>): boolean {
  return Object.values(value).some((member) => member !== undefined)
}

function listChanges(before: unknown[], after: unknown[], path: ConfigPath): ConfigEdit[] {
  const kept = after.flatMap((item, index) => changes(before[index], { path: [...path, index], value: item }))
  const surplus = before.slice(after.length).map((_, index) => after.length + index)
  return [...kept, ...surplus.toReversed().map((index) => ({ path: [...path, index], value: undefined }))]
}

/** Parses once: what proves that a change is right is what the next one is made on. */
function applyChange(source: YamlSource, change: ConfigEdit): YamlSource {
  const data = dataOf(source)
  const edit = withoutHollows(data, change)
  // Only the place that was named may change, not others that share it through an anchor.
  const expected = withValueAt(data, edit.path, plain(edit.value))
  const next = attempt(() => ifItMeans(spliceEdit(source, edit.path, edit.value), expected))
  if (next !== undefined) return next
  const written = hasAliases(source.document) ? readable(withoutAliases(source.text)) : source
  return readable(rewrite(written.text, edit.path, edit.value))
}

/** undefined: the anchors are in the way. */
function attempt(edit: () => YamlSource | undefined): YamlSource | undefined {
  try {
    return edit()
  } catch {
    return undefined
  }
}

/** The text, read, if it is good and says that. */
function ifItMeans(text: string | undefined, data: unknown): YamlSource | undefined {
  if (text === undefined) return undefined
  const source = parseYaml(text)
  return syntaxProblems(source).length === 0 && isDeepStrictEqual(dataOf(source), data) ? source : undefined
}

/** As it will be read again: without members that are undefined. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : parseYaml(stringify(value)).document.toJS()
}

/** A section that loses its last key goes with it; a list that loses its last item stays as `[]`, which means "none". */
function withoutHollows(data: unknown, { path, value }: ConfigEdit): ConfigEdit {
  const above = path.slice(0, -1)
  const parent = valueAt(data, above)
  if (value !== undefined || above.length === 0) return { path, value }
  if (Array.isArray(parent) && parent.length === 1) return { path: above, value: [] }
  const isLastKey = isRecord(parent) && Object.keys(parent).length === 1 && typeof above.at(-1) === 'string'
  return isLastKey ? withoutHollows(data, { path: above, value }) : { path, value }
}

/** The sure way, which lays out the whole file anew; used where a splice fails. */
function rewrite(text: string, path: ConfigPath, value: unknown): string {
  const source = parseYaml(text)
  const { document } = source
  if (document.contents === null) document.set(path[0], document.createNode(nest(path.slice(1), value)))
  else if (value === undefined) document.deleteIn(path)
  else {
    const place = findPlace(source, path)
    if (place === undefined) throw new TypeError('the configuration is not a map of sections')
    place.parent.set(place.key, document.createNode(nest(place.rest, value)))
  }
  return document.toString(layout)
}

const layout = { lineWidth: 0, flowCollectionPadding: false }

/** In its place, so that order and comments stay. A key that the text does not have is no longer there to be renamed. */
function renameKey({ text }: YamlSource, path: ConfigPath, name: string): string {
  const source = parseYaml(text)
  const pair = pairAt(source, path)
  if (pair === undefined) {
    return hasAliases(source.document) ? renameKey(readable(withoutAliases(text)), path, name) : text
  }
  const [start, end] = (pair.key as Scalar).range ?? [0, 0]
  pair.key = source.document.createNode(name)
  const expected = dataOf(source)
  // In quotes, where it would end at a comma or a brace.
  for (const key of [stringify(name, layout).trimEnd(), JSON.stringify(name)]) {
    const spliced = text.slice(0, start) + key + text.slice(end)
    if (attempt(() => ifItMeans(spliced, expected)) !== undefined) return spliced
  }
  return source.document.toString(layout)
}

function pairAt({ document }: YamlSource, path: ConfigPath): Pair | undefined {
  const map = document.getIn(path.slice(0, -1), true)
  const pair = isMap(map) ? findPair(map, String(path.at(-1))) : undefined
  return isScalar(pair?.key) ? pair : undefined
}

function readable(text: string): YamlSource {
  const source = parseYaml(text)
  const problems = syntaxProblems(source)
  if (problems.length > 0) throw new ConfigError('cannot edit the configuration', problems)
  return source
}

/** Replaces the file in one step, so that no reader and no crash ever sees half of it. Keeps its mode and owner. */
export async function saveConfigFile(file: string, text: string): Promise<void> {
  const staged = await stageConfigFile(file, text)
  await staged.commit()
}

/** The same in two steps, for several files that are to be replaced together: what may fail comes before `commit`. */
export interface StagedConfigFile {
  commit(): Promise<void>
  discard(): Promise<void>
}

export async function stageConfigFile(file: string, text: string): Promise<StagedConfigFile> {
  // A link (dotfiles, ConfigMaps) must stay a link: what it points to is replaced.
  const target = await realpath(file).catch(() => file)
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`)
  const discard = (): Promise<void> => rm(temporary, { force: true })
  const orDiscard = async (run: () => Promise<void>): Promise<void> => {
    try {
      await run()
    } catch (error) {
      await discard()
      throw error
    }
  }
  await orDiscard(async () => {
    await writeDurably(temporary, text)
    await copyPermissions(target, temporary)
  })
  return {
    discard,
    async commit() {
      await orDiscard(() => rename(temporary, target))
      await syncDirectory(dirname(target))
    },
  }
}

async function writeDurably(file: string, text: string): Promise<void> {
  // A new file may come to hold keys: for its owner only.
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function copyPermissions(from: string, to: string): Promise<void> {
  const old = await stat(from).catch(() => undefined)
  if (old === undefined) return
  // Owner first: changing it clears mode bits. Only root may give a file away; for others it is theirs already.
  await chown(to, old.uid, old.gid).catch(() => undefined)
  await chmod(to, old.mode & 0o7777)
}

/** Makes the rename itself durable; where directories cannot be opened (Windows) the file system sees to it. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r').catch(() => undefined)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}
