import { hashClientKey, matchesKeyHash, newClientKey } from '../config/client-key.ts'
import { createTurns } from '../config/in-turn.ts'
import { isLoopback } from '../config/notices.ts'
import type { Config } from '../config/schema.ts'
import type { Connector } from '../connect/connector.ts'
import { detectTool } from '../connect/detect.ts'
import type { ToolLook } from '../connect/look-tool.ts'
import type { Places } from '../connect/places.ts'
import { cardsOf, keyPlaceholder } from '../connect/snippets.ts'
import { placeholderKey, type EditTool, type Target, type Tool as KnownTool } from '../connect/tool.ts'
import { tools } from '../connect/tools/index.ts'
import type { MethodInput, Tool, ToolChoice } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import type { LedgerReader } from '../stores/ledger-reader.ts'
import type { HandlersOf } from './api.ts'
import { dayMs } from './buckets.ts'
import type { Configuration } from './configuration.ts'
import { writtenData } from './keys-reference.ts'
import { toolKeyEdits, toolKeyHash, toolKeyName } from './tool-keys.ts'

export interface ToolsPorts {
  configuration: Configuration
  config: () => Config
  /** Where the process listens (server.host as it started with): an edit of the configuration moves nothing. */
  host: string
  ledger: LedgerReader
  /** Milliseconds since 1970. */
  now: () => number
  /** Where it listens. */
  url: () => string | undefined
  shell: 'desktop' | 'headless'
  places: Places
  /** undefined: there is no data folder to remember in what was changed. */
  connector: Connector | undefined
}

/** Pointing the AI tools of this machine at the gateway. What is written where is decided in connect/. */
export function createToolsHandlers(ports: ToolsPorts): HandlersOf<'tools'> {
  // One after the other: two tools may share a file, and all share the configuration.
  const inTurn = createTurns()
  return {
    'tools.list': () => listTools(ports),
    'tools.preview': (input) => previewTool(input, ports),
    'tools.connect': (input) => inTurn(() => connectTool(input, ports)),
    'tools.undo': ({ tool }) => inTurn(() => undoTool(tool, ports)),
    'tools.snippet': (input) => inTurn(() => snippetOf(input, ports)),
    'tools.key': ({ tool, hash }) =>
      inTurn(async () => ({ keyName: await setKey(findTool(tool).id, hash ?? undefined, ports) })),
  }
}

function findTool(id: string): KnownTool {
  const found = tools.find((tool) => tool.id === id)
  if (found !== undefined) return found
  throw new GatewayError('not_found', `There is no tool "${id}".`, { param: 'tool' })
}

interface Editing {
  tool: EditTool
  connector: Connector
}

function editing(id: string, ports: ToolsPorts): Editing {
  const tool = findTool(id)
  if (tool.kind === 'copy') {
    throw new GatewayError(
      'invalid_request',
      `${tool.name} has no file that could be edited; copy its snippet instead.`,
    )
  }
  const { connector } = ports
  const why = whyNot(ports)
  if (connector === undefined || why !== undefined) throw new GatewayError('invalid_request', why ?? noFolder)
  return { tool, connector }
}

const noFolder = 'This gateway has no data folder to remember in what was changed, so files are not edited.'

/** The files are those of the machine the gateway runs on: only there are they the user's own. */
function whyNot({ connector, shell, host }: ToolsPorts): string | undefined {
  if (connector === undefined) return noFolder
  if (shell === 'desktop' || isLoopback(host)) return undefined
  return 'This gateway serves other machines, so no files are edited from here. Run "llm-gateway connect TOOL --url ADDRESS --key KEY" where the tool is, or copy a snippet.'
}

function baseUrlOf({ url, config }: ToolsPorts): string {
  const { host, port } = config().server
  const address = url() ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  // An address to listen on, not one to call.
  return address.replace(/\/\/(0\.0\.0\.0|\[::\])(?=:|$)/, '//127.0.0.1').replace(/\/$/, '')
}

const countedDays = 30

async function listTools(ports: ToolsPorts) {
  const to = ports.now()
  const rows = await ports.ledger.hours({ from: Math.max(0, to - countedDays * dayMs), to: to + 1, by: 'key' })
  const data = writtenData(await ports.configuration.text())
  const calls = new Map<string, number>()
  for (const { name, requests } of rows) if (name !== null) calls.set(name, (calls.get(name) ?? 0) + requests)
  const why = whyNot(ports)
  return {
    tools: await Promise.all(tools.map((tool) => toolView(tool, ports, { data, calls }))),
    baseUrl: baseUrlOf(ports),
    canEdit: why === undefined,
    whyNot: why ?? null,
  }
}

interface Known {
  /** Of the configuration's text. */
  data: unknown
  /** By key name. */
  calls: ReadonlyMap<string, number>
}

async function toolView(tool: KnownTool, ports: ToolsPorts, { data, calls }: Known): Promise<Tool> {
  const { connector, places } = ports
  const look = tool.kind === 'edits' && connector !== undefined ? await connector.look(tool) : undefined
  const own = look?.connection?.keyName ?? tool.id
  const keyName = toolKeyHash(data, own) === undefined ? null : own
  const { detected, by } = detectTool(tool, places)
  const count = keyName === null ? 0 : (calls.get(keyName) ?? 0)
  return {
    id: tool.id,
    name: tool.name,
    kind: tool.kind,
    summary: tool.summary,
    detected: detected ?? null,
    detectedBy: by ?? null,
    ...stateOf(look, { hash: toolKeyHash(data, own), isRevoked: isRevoked(own, ports) }, baseUrlOf(ports)),
    files: (look?.files ?? []).map((file) => ({ ...file, problem: file.problem ?? null })),
    model: tool.model,
    hasSmallModel: tool.hasSmallModel,
    notes: [...tool.notes, ...(tool.kind === 'edits' && tool.keyByHand !== undefined ? [tool.keyByHand] : [])],
    cannot: [...tool.cannot],
    documentation: tool.documentation ?? null,
    keyName,
    connectedAt: look?.connection?.connectedAt ?? null,
    chosenModel: look?.connection?.model ?? null,
    chosenSmallModel: look?.connection?.smallModel ?? null,
    calls: count,
    lastUsedAt: keyName === null || count === 0 ? null : await lastUse(keyName, ports.ledger),
  }
}

async function lastUse(key: string, ledger: LedgerReader): Promise<number | null> {
  const { calls } = await ledger.calls({ limit: 1, filter: { key } })
  return calls[0]?.startedAt ?? null
}

function isRevoked(name: string, { config }: ToolsPorts): boolean {
  return config().auth.keys.some((key) => key.name === name && key.disabled)
}

/** What the configuration has under a tool's key name. */
interface HeldKey {
  hash: string | undefined
  isRevoked: boolean
}

function stateOf(
  look: ToolLook | undefined,
  held: HeldKey,
  baseUrl: string,
): Pick<Tool, 'state' | 'stateDetail' | 'isElsewhere'> {
  if (look === undefined) return { state: 'no', stateDetail: null, isElsewhere: false }
  const { state, detail, connection } = look
  const isElsewhere = connection !== undefined && connection.baseUrl !== baseUrl
  const problems = [
    ...(detail === undefined ? [] : [detail]),
    ...(isElsewhere ? [`it points at ${connection.baseUrl}, and the gateway is at ${baseUrl}`] : []),
    ...keyProblem(look, held),
  ]
  if (problems.length === 0) return { state, stateDetail: null, isElsewhere }
  return { state: state === 'yes' ? 'changed' : state, stateDetail: problems.join('; '), isElsewhere }
}

function keyProblem({ connection, key }: ToolLook, { hash, isRevoked }: HeldKey): string[] {
  if (connection?.keyName === undefined) return []
  if (hash === undefined) return ['its key is no longer in the configuration of the gateway']
  if (isRevoked) return ['its key is revoked on the Keys page: let it in again there']
  const isOther = key !== undefined && !matchesKeyHash(hash, key)
  return isOther ? ['the configuration of the gateway has another key under its name'] : []
}

/** What the tool is pointed at. Throws where a model is needed and none was chosen. */
function targetOf({ tool, model, smallModel }: ToolChoice, key: string, ports: ToolsPorts): Target {
  const known = findTool(tool)
  if (known.kind === 'edits' && known.model === 'required' && model === undefined) {
    throw new GatewayError('invalid_request', `Choose the model that ${known.name} is to use.`, { param: 'model' })
  }
  return { baseUrl: baseUrlOf(ports), key, model, smallModel, offered: offeredBy(ports) }
}

const mostOffered = 50

/** Names for a picker: aliases first. */
function offeredBy({ config }: ToolsPorts): string[] {
  const { providers, routing } = config()
  return [...Object.keys(routing.modelMappings), ...providers.flatMap(({ models }) => models ?? [])].slice(
    0,
    mostOffered,
  )
}

/** Stands for the key that connecting would make. */
const keyToCome = '••••••••'

async function previewTool(input: ToolChoice, ports: ToolsPorts) {
  const { tool, connector } = editing(input.tool, ports)
  const { key = keyToCome } = await connector.look(tool)
  const warnings = tool.keyByHand === undefined ? [] : [tool.keyByHand]
  return { files: await connector.preview(tool, targetOf(input, key, ports)), warnings }
}

async function connectTool(input: ToolChoice, ports: ToolsPorts) {
  const { tool, connector } = editing(input.tool, ports)
  // Whatever keeps it from being written is found out before a key is made.
  await previewTool(input, ports)
  const made = await keyFor(tool, connector, ports)
  try {
    await connector.connect(tool, targetOf(input, made.key, ports), made.name)
  } catch (error) {
    if (made.undo !== undefined) await ports.configuration.undo(made.undo).catch(() => undefined)
    throw error
  }
  return {
    tool: await viewOf(tool, ports),
    warnings: made.warnings,
    verification: await connector.verify(tool),
  }
}

interface MadeKey {
  key: string
  name: string | undefined
  warnings: string[]
  /** Takes it back. */
  undo?: string
}

/** The key that its file holds already, if the gateway knows it; else a new one in its place. */
async function keyFor(tool: EditTool, connector: Connector, ports: ToolsPorts): Promise<MadeKey> {
  const data = writtenData(await ports.configuration.text())
  const { key: old, connection } = await connector.look(tool)
  const oldName = connection?.keyName
  if (tool.keyByHand !== undefined) return { key: placeholderKey, name: oldName, warnings: [tool.keyByHand] }
  if (old !== undefined && oldName !== undefined && isKeyOf(data, oldName, old)) {
    return { key: old, name: oldName, warnings: [] }
  }
  const key = newClientKey()
  const name = toolKeyName(data, tool.id)
  try {
    const { undo } = await ports.configuration.edit((now) => toolKeyEdits(now, name, hashClientKey(key)))
    return { key, name, warnings: [], undo }
  } catch (error) {
    if (!(error instanceof GatewayError) || !ports.config().auth.anonymous) throw error
    const warning = `No key could be made for ${tool.name}, so its calls are not told apart from others: ${error.message}`
    return { key: placeholderKey, name: undefined, warnings: [warning] }
  }
}

/** Whether the configuration knows it under that name. */
function isKeyOf(data: unknown, name: string, key: string): boolean {
  return matchesKeyHash(toolKeyHash(data, name) ?? '', key)
}

async function undoTool(id: string, ports: ToolsPorts) {
  const { tool, connector } = editing(id, ports)
  const { connection } = await connector.look(tool)
  const { files, left } = await connector.undo(tool)
  const warnings = left.map((what) => `${what} was changed since, and stays as it is.`)
  const keyName = connection?.keyName ?? (tool.keyByHand === undefined ? undefined : tool.id)
  if (keyName !== undefined) {
    const failed = await removeKey(keyName, ports).catch((error: unknown) => error)
    if (failed instanceof Error) warnings.push(`Its key is still in the configuration: ${failed.message}`)
  }
  return { tool: await viewOf(tool, ports), files, warnings }
}

async function viewOf(tool: KnownTool, ports: ToolsPorts): Promise<Tool> {
  const list = await listTools(ports)
  const found = list.tools.find(({ id }) => id === tool.id)
  if (found === undefined) throw new TypeError('not in the list')
  return found
}

async function snippetOf({ tool: id, model, revealKey = false }: MethodInput<'tools.snippet'>, ports: ToolsPorts) {
  const tool = findTool(id)
  const { key, keyName } = revealKey ? await keyToShow(tool, ports) : { key: keyPlaceholder, keyName: null }
  const target = { baseUrl: baseUrlOf(ports), key, model, smallModel: undefined, offered: offeredBy(ports) }
  return { cards: cardsOf(tool, target, ports.places), notes: [...tool.notes], keyName }
}

/** A tool that is connected keeps its key: another one would shut it out. */
async function keyToShow(tool: KnownTool, ports: ToolsPorts): Promise<{ key: string; keyName: string | null }> {
  const look = tool.kind === 'edits' ? await ports.connector?.look(tool) : undefined
  const own = look?.connection?.keyName
  const data = writtenData(await ports.configuration.text())
  if (own !== undefined && look?.key !== undefined && isKeyOf(data, own, look.key)) {
    return { key: look.key, keyName: own }
  }
  const key = newClientKey()
  return { key, keyName: await setKey(tool.id, hashClientKey(key), ports) }
}

/** Answers the name it has now; null: it is gone. */
async function setKey(tool: string, hash: string | undefined, ports: ToolsPorts): Promise<string | null> {
  const name = toolKeyName(writtenData(await ports.configuration.text()), tool)
  if (hash === undefined) {
    await removeKey(name, ports)
    return null
  }
  await ports.configuration.edit((data) => toolKeyEdits(data, name, hash))
  return name
}

async function removeKey(name: string, { configuration }: ToolsPorts): Promise<void> {
  if (toolKeyHash(writtenData(await configuration.text()), name) === undefined) return
  await configuration.edit((data) => toolKeyEdits(data, name, undefined))
}
