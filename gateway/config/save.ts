import { randomUUID } from 'node:crypto'
import { chmod, chown, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { hasAliases, withoutAliases } from './anchors.ts'
import { findPlace, nest, spliceEdit } from './edit-text.ts'
import type { ConfigPath } from './path.ts'
import { isRecord, valueAt, withValueAt } from './path.ts'
import { ConfigError } from './types.ts'
import type { YamlSource } from './yaml-source.ts'
import { parseYaml, syntaxProblems } from './yaml-source.ts'

export interface ConfigEdit {
  path: ConfigPath
  /** As it stands in the file (`60s`, `${OPENAI_API_KEY}`); undefined deletes the key or list item. */
  value: unknown
}

/**
 * The text with the edits made, one after the other, and all else left alone: comments, order, blank lines, quotes, `${NAME}`. It does not
 * check the outcome against the schema: load it before saving it. Throws ConfigError for a text that is not YAML.
 */
export function editConfigText(text: string, edits: readonly ConfigEdit[]): string {
  return edits.flatMap(checkPath).reduce((current, edit) => {
    const data = readable(current).document.toJS() as unknown
    return changes(valueAt(data, edit.path), edit).reduce(applyChange, current)
  }, text)
}

function checkPath(edit: ConfigEdit): ConfigEdit[] {
  if (edit.path.length === 0) throw new TypeError('an edit needs a path')
  return [edit]
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

function applyChange(text: string, change: ConfigEdit): string {
  const source = readable(text)
  const data = source.document.toJS() as unknown
  const edit = withoutHollows(data, change)
  if (!hasAliases(source.document)) return applyTo(source, edit)
  // Only the place that was named may change, not others that share it through an anchor.
  const expected = withValueAt(data, edit.path, edit.value)
  const edited = attempt(() => applyTo(source, edit))
  if (edited !== undefined && isDeepStrictEqual(readable(edited).document.toJS(), expected)) return edited
  return applyTo(readable(withoutAliases(text)), edit)
}

/** undefined: the anchors are in the way. */
function attempt(edit: () => string): string | undefined {
  try {
    return edit()
  } catch {
    return undefined
  }
}

function applyTo(source: YamlSource, { path, value }: ConfigEdit): string {
  const rewritten = rewrite(source.text, path, value)
  const spliced = spliceEdit(source, path, value)
  return spliced !== undefined && meansTheSame(spliced, rewritten) ? spliced : rewritten
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

/** The sure way, which lays out the whole file anew: what a splice must mean, and what is used where it fails. */
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
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}

function meansTheSame(one: string, other: string): boolean {
  const [first, second] = [parseYaml(one), parseYaml(other)]
  return first.document.errors.length === 0 && isDeepStrictEqual(first.document.toJS(), second.document.toJS())
}

function readable(text: string): YamlSource {
  const source = parseYaml(text)
  const problems = syntaxProblems(source)
  if (problems.length > 0) throw new ConfigError('cannot edit the configuration', problems)
  return source
}

/** Replaces the file in one step, so that no reader and no crash ever sees half of it. Keeps its mode and owner. */
export async function saveConfigFile(file: string, text: string): Promise<void> {
  // A link (dotfiles, ConfigMaps) must stay a link: what it points to is replaced.
  const target = await realpath(file).catch(() => file)
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`)
  try {
    await writeDurably(temporary, text)
    await copyPermissions(target, temporary)
    await rename(temporary, target)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncDirectory(dirname(target))
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
