import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { defaultDataDir, desktopDataDir } from '../cli-arguments.ts'
import { hashClientKey, newClientKey } from '../config/client-key.ts'
import { didYouMean } from '../config/spelling.ts'
import { connectHelp, type ConnectArguments } from './connect-arguments.ts'
import { reachGateway, type RunningGateway } from './connect-gateway.ts'
import { connectedText, listText, previewText, undoneText, type Answer } from './connect-output.ts'
import { createConnector, type Connector } from '../connect/connector.ts'
import { detectTool } from '../connect/detect.ts'
import { hashOfKey } from '../connect/key-mask.ts'
import type { Places } from '../connect/places.ts'
import type { Connection } from '../connect/records.ts'
import { cardsOf, keyPlaceholder } from '../connect/snippets.ts'
import { placeholderKey, type EditTool, type Target, type Tool } from '../connect/tool.ts'
import { tools } from '../connect/tools/index.ts'
import { GatewayError } from '../errors.ts'

/** What the command line lends; tests bring their own. */
export interface ConnectIo {
  /** Whose command line it is: that one's data folder is looked into first. */
  shell: 'desktop' | 'headless'
  places: Places
  workingDirectory: string
  now: () => number
  fetch: typeof fetch
  write: (text: string) => void
  writeError: (text: string) => void
}

export function ownConnectIo(shell: ConnectIo['shell']): ConnectIo {
  return {
    shell,
    places: { home: homedir(), platform: process.platform, env: process.env, exists: existsSync },
    workingDirectory: process.cwd(),
    now: Date.now,
    fetch,
    write: (text) => void process.stdout.write(text),
    writeError: (text) => void process.stderr.write(text),
  }
}

/** `llm-gateway connect`. Edits the tool's files itself; the running gateway is asked for a key alone. Answers the exit code. */
export async function runConnect(argv: ConnectArguments, io: ConnectIo): Promise<number> {
  if (argv.help) {
    io.write(`${connectHelp()}\n`)
    return 0
  }
  try {
    const { text, data, warnings, code = 0 } = await answer(argv, io)
    io.write(argv.json ? `${JSON.stringify(data, undefined, 2)}\n` : text)
    if (!argv.json) for (const warning of warnings ?? []) io.writeError(`note: ${warning}\n`)
    return code
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    const code = error instanceof CallProblem ? 2 : 1
    if (argv.json) io.write(`${JSON.stringify({ error: error.message }, undefined, 2)}\n`)
    else io.writeError(`${error.message}\n`)
    return code
  }
}

/** The command line is wrong, rather than the world. */
class CallProblem extends GatewayError {
  constructor(message: string) {
    super('invalid_request', message)
  }
}

async function answer(argv: ConnectArguments, io: ConnectIo): Promise<Answer> {
  if (argv.tool === undefined) return list(argv, io)
  const tool = tools.find(({ id }) => id === argv.tool)
  if (tool === undefined) {
    const ids = tools.map(({ id }) => id)
    throw new CallProblem(
      `There is no tool "${argv.tool}"${didYouMean(argv.tool, ids) || `. The tools: ${ids.join(', ')}.`}`,
    )
  }
  if (tool.kind === 'copy') return showCards(tool, argv, io)
  return argv.undo ? undoTool(tool, argv, io) : connect(tool, argv, io)
}

/** A headless gateway and the app keep their data apart. */
export function dataFolders({ dataDir }: ConnectArguments, { places, shell }: ConnectIo): string[] {
  if (dataDir !== undefined) return [resolve(dataDir)]
  const { env, platform, home } = places
  const [headless, desktop] = [defaultDataDir(env, platform, home), desktopDataDir(env, platform, home)]
  return shell === 'desktop' ? [desktop, headless] : [headless, desktop]
}

function connectorIn(folder: string, io: ConnectIo): Connector {
  const { places, workingDirectory, now } = io
  const shell = { workingDirectory, env: places.env }
  return createConnector({ places, folder: join(folder, 'connect'), shell, now })
}

/** Where it is remembered what was changed: the folder that knows the tool, else the one of the running gateway. */
function folderOf(tool: Tool, argv: ConnectArguments, io: ConnectIo, running?: RunningGateway): string {
  const folders = dataFolders(argv, io)
  const knowing = folders.find((folder) => io.places.exists(join(folder, 'connect', `${tool.id}.json`)))
  return knowing ?? running?.folder ?? folders[0] ?? ''
}

async function list(argv: ConnectArguments, io: ConnectIo): Promise<Answer> {
  const rows = await lookAtTools(argv, io)
  return { text: listText(rows), data: { tools: rows } }
}

/** Every tool: whether it is here, and connected. Also for `uninstall`. */
export function lookAtTools(argv: ConnectArguments, io: ConnectIo) {
  return Promise.all(
    tools.map(async (tool) => {
      const look = tool.kind === 'edits' ? await connectorIn(folderOf(tool, argv, io), io).look(tool) : undefined
      const { detected, by } = detectTool(tool, io.places)
      return {
        id: tool.id,
        name: tool.name,
        kind: tool.kind,
        detected: detected ?? null,
        detectedBy: by ?? null,
        state: look?.state ?? 'no',
        detail: look?.detail ?? null,
        url: look?.connection?.baseUrl ?? null,
        files: (look?.files ?? []).map(({ path }) => path),
      }
    }),
  )
}

const defaultUrl = 'http://127.0.0.1:8080'

function showCards(tool: Tool, argv: ConnectArguments, { places }: ConnectIo): Answer {
  if (argv.undo) throw new CallProblem(`${tool.name} is set up by hand, so there is nothing to undo here.`)
  const target = { ...targetOf(argv, undefined), key: argv.key ?? keyPlaceholder }
  const cards = cardsOf(tool, target, places)
  const text = cards.map(({ title, text }) => `# ${title}\n${text}`).join('\n')
  const notes = [...tool.cannot, ...tool.notes].map((note) => `\n${note}\n`).join('')
  const data = { tool: tool.id, cards, notes: [...tool.notes], cannot: [...tool.cannot] }
  return { text: `${tool.name} is set up by hand.\n${notes}\n${text}`, data }
}

function targetOf(argv: ConnectArguments, before: Connection | undefined): Omit<Target, 'key'> {
  return {
    baseUrl: argv.url ?? before?.baseUrl ?? defaultUrl,
    model: argv.model ?? before?.model,
    smallModel: argv.smallModel ?? before?.smallModel,
    offered: [],
  }
}

async function connect(tool: EditTool, argv: ConnectArguments, io: ConnectIo): Promise<Answer> {
  const { connection: known } = await connectorIn(folderOf(tool, argv, io), io).look(tool)
  const { baseUrl } = targetOf(argv, known)
  const running = await reach(baseUrl, argv, io)
  const connector = connectorIn(folderOf(tool, argv, io, running), io)
  const { key, connection } = await connector.look(tool)
  // Another key in its place is somebody else's: the gateway must neither see it nor take it for its own.
  const keyNow = key !== undefined && hashOfKey(key) === connection?.keyHash ? key : undefined
  const listed =
    running.problem === undefined ? await running.models(argv.key ?? keyNow).catch(() => undefined) : undefined
  const target = { ...targetOf(argv, connection), ...chooseModel(tool, { argv, connection, listed }) }
  const asked = { tool, argv, running, keyNow, connection, baseUrl }
  if (argv.dryRun) {
    return previewText(tool, await connector.preview(tool, { ...target, key: argv.key ?? keyNow ?? keyToCome }))
  }
  // Whatever keeps it from being written is found out before a key is made.
  await connector.preview(tool, { ...target, key: keyToCome })
  const made = await keyFor(asked)
  try {
    await connector.connect(tool, { ...target, key: made.key }, made.name)
  } catch (error) {
    if (made.isNew) await running.call('tools.key', { tool: tool.id, hash: null }).catch(() => undefined)
    throw error
  }
  const orphan = made.name === undefined && connection?.keyName !== undefined ? connection.keyName : undefined
  const isLeft = orphan !== undefined && !(await removeKey(tool, running))
  const unlisted = [target.model, target.smallModel].filter(
    (name) => name !== undefined && listed?.includes(name) === false,
  )
  return connectedText({
    tool,
    baseUrl,
    keyName: made.name,
    shownOnce: tool.keyByHand !== undefined && made.isNew ? made.key : undefined,
    look: await connector.look(tool),
    verification: await connector.verify(tool),
    warnings: [
      ...made.warnings,
      ...(isLeft ? [keyIsLeft(orphan)] : []),
      ...unlisted.map((name) => `The gateway does not list a model "${name}".`),
    ],
  })
}

/** Stands for a key that is not made yet. */
const keyToCome = '••••••••'

function reach(url: string, argv: ConnectArguments, io: ConnectIo): Promise<RunningGateway> {
  return reachGateway({ url, adminToken: argv.adminToken, folders: dataFolders(argv, io), fetch: io.fetch })
}

interface ModelChoice {
  argv: ConnectArguments
  connection: Connection | undefined
  listed: string[] | undefined
}

const mostNamed = 20
const mostOffered = 50

function chooseModel(
  tool: EditTool,
  { argv, connection, listed = [] }: ModelChoice,
): Pick<Target, 'offered'> & Partial<Pick<Target, 'model'>> {
  const offered = listed.slice(0, mostOffered)
  const model = argv.model ?? connection?.model
  if (tool.model !== 'required' || model !== undefined) return { offered }
  const [only] = listed
  if (listed.length === 1 && only !== undefined) return { offered, model: only }
  const more = listed.length > mostNamed ? ` and ${listed.length - mostNamed} more` : ''
  const names = listed.length === 0 ? '' : ` The gateway lists: ${listed.slice(0, mostNamed).join(', ')}${more}.`
  throw new CallProblem(`${tool.name} has to be told its model: add --model NAME.${names}`)
}

interface Asked {
  tool: EditTool
  argv: ConnectArguments
  running: RunningGateway
  /** The key that its file holds, as it was written. */
  keyNow: string | undefined
  connection: Connection | undefined
  baseUrl: string
}

interface Made {
  key: string
  /** undefined: it is not known to be one of the gateway's. */
  name: string | undefined
  isNew: boolean
  warnings: string[]
}

/** Given, or made by the running gateway, or the one that is in use, or a placeholder where none is needed. */
async function keyFor({ tool, argv, running, keyNow, connection, baseUrl }: Asked): Promise<Made> {
  if (argv.key !== undefined) return { key: argv.key, name: undefined, isNew: false, warnings: [] }
  const own = connection?.keyName === undefined ? undefined : keyNow
  if (running.isOpen) {
    const key = own ?? newClientKey()
    const { keyName } = await running.call('tools.key', { tool: tool.id, hash: hashClientKey(key) })
    return { key, name: keyName ?? undefined, isNew: own === undefined, warnings: [] }
  }
  if (own !== undefined) return { key: own, name: connection?.keyName, isNew: false, warnings: [] }
  if (running.problem !== undefined) {
    const message = `No gateway answers at ${baseUrl}: ${running.problem}. Start it, say where it is with --url, or give a key with --key. Nothing was changed.`
    throw new GatewayError('invalid_request', message)
  }
  const how = `To have a key made, give its admin token with --admin-token or LLM_GATEWAY_ADMIN_TOKEN (it is in the file admin-token of its data folder), or give a key with --key.`
  if ((await running.models(undefined)) === undefined) {
    const message = `The gateway at ${baseUrl} asks for a key, and its admin token was not found here. ${how} Nothing was changed.`
    throw new GatewayError('invalid_request', message)
  }
  const warning = `${tool.name} has no key of its own, so its calls show as anonymous. ${how}`
  return { key: placeholderKey, name: undefined, isNew: false, warnings: [warning] }
}

/** Also for `uninstall`. Rejects with a GatewayError when its files cannot be written. */
export async function undoTool(tool: EditTool, argv: ConnectArguments, io: ConnectIo): Promise<Answer> {
  const connector = connectorIn(folderOf(tool, argv, io), io)
  if (argv.dryRun) return previewText(tool, await connector.previewUndo(tool))
  const { connection } = await connector.look(tool)
  const { files, left } = await connector.undo(tool)
  const warnings = left.map((what) => `${what} was changed since, and stays as it is.`)
  const keyName = connection?.keyName
  if (connection !== undefined && keyName !== undefined) {
    const gone = await removeKey(tool, await reach(argv.url ?? connection.baseUrl, argv, io))
    if (!gone) warnings.push(keyIsLeft(keyName))
  }
  return undoneText(tool, files, warnings)
}

function keyIsLeft(name: string): string {
  return `Its key "${name}" is still in auth.keys of the gateway, which could not be asked: remove it there.`
}

async function removeKey(tool: EditTool, running: RunningGateway): Promise<boolean> {
  if (!running.isOpen) return false
  return running.call('tools.key', { tool: tool.id, hash: null }).then(
    () => true,
    () => false,
  )
}
