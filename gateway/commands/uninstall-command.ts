import { parseConnectArguments, type ConnectArguments } from './connect-arguments.ts'
import { dataFolders, lookAtTools, ownConnectIo, undoTool, type ConnectIo } from './connect-command.ts'
import { terminalQuestion } from './ask-at-terminal.ts'
import { uninstallHelp, type UninstallArguments } from './uninstall-arguments.ts'
import { findKeys, removeKeys, type KeptKey } from './uninstall-keys.ts'
import { tools } from '../connect/tools/index.ts'
import { GatewayError } from '../errors.ts'
import { createKeychainSecrets, type KeychainSecrets } from '../stores/secrets-keychain.ts'

/** What the command line lends; tests bring their own. */
export interface UninstallIo extends ConnectIo {
  keychain: KeychainSecrets
  /** undefined: nobody is there to be asked. */
  ask: ((question: string) => Promise<boolean>) | undefined
}

export function ownUninstallIo(shell: UninstallIo['shell']): UninstallIo {
  return { ...ownConnectIo(shell), keychain: createKeychainSecrets(), ask: terminalQuestion() }
}

interface Found {
  /** Ids of connected tools. */
  tools: string[]
  keys: KeptKey[]
  /** What could not be looked into. */
  problems: string[]
}

interface Report {
  text: string
  data: object
  code: number
}

/** `llm-gateway uninstall`. Answers the exit code. */
export async function runUninstall(argv: UninstallArguments, io: UninstallIo): Promise<number> {
  if (argv.help) {
    io.write(`${uninstallHelp()}\n`)
    return 0
  }
  const { text, data, code } = await answer(argv, io)
  io.write(argv.json ? `${JSON.stringify(data, undefined, 2)}\n` : text)
  return code
}

async function answer(argv: UninstallArguments, io: UninstallIo): Promise<Report> {
  const connect = connectArguments(argv, io)
  const folders = dataFolders(connect, io)
  const found = await find(connect, folders, io)
  const wanted: Found = {
    tools: argv.undoTools ? found.tools : [],
    keys: argv.removeKeys ? found.keys : [],
    problems: argv.removeKeys ? found.problems : [],
  }
  if (!argv.undoTools && !argv.removeKeys) return overview(found, folders)
  if (wanted.tools.length + wanted.keys.length > 0 && !(await isWanted(argv, wanted, io))) {
    const text = io.ask === undefined ? 'Nothing was changed: add --yes to do it.\n' : 'Nothing was changed.\n'
    return { text, data: { done: false }, code: 1 }
  }
  return carryOut(wanted, { connect, io, folders })
}

/** Those of `connect --undo` for a tool yet to be named. */
function connectArguments({ dataDir }: UninstallArguments, { places }: UninstallIo): ConnectArguments {
  const parsed = parseConnectArguments(dataDir === undefined ? [] : ['--data-dir', dataDir], places.env)
  if (parsed.kind === 'problem') throw new GatewayError('invalid_request', parsed.message)
  return parsed
}

async function find(connect: ConnectArguments, folders: readonly string[], io: UninstallIo): Promise<Found> {
  const rows = await lookAtTools(connect, io)
  const { keys, problems } = await findKeys(folders, io.keychain)
  return { tools: rows.filter(({ state }) => state !== 'no').map(({ id }) => id), keys, problems }
}

async function isWanted(argv: UninstallArguments, wanted: Found, { ask }: UninstallIo): Promise<boolean> {
  if (argv.yes) return true
  if (ask === undefined) return false
  return ask(`${[...toolLines(wanted.tools), ...keyLines(wanted.keys)].join('\n')}\nTake all of this back?`)
}

interface Work {
  connect: ConnectArguments
  folders: readonly string[]
  io: UninstallIo
}

async function carryOut(wanted: Found, { connect, io, folders }: Work): Promise<Report> {
  const undone: { tool: string; problem: string | null; text: string }[] = []
  for (const id of wanted.tools) undone.push(await undoOne(id, connect, io))
  const removed = await removeKeys(wanted.keys, folders, io.keychain)
  const problems = [...wanted.problems, ...undone.flatMap(({ problem }) => problem ?? []), ...removed.problems]
  const lines = [
    ...undone.map(({ text }) => text),
    ...removed.names.map((name) => `The key ${name} is removed.\n`),
    ...problems.map((problem) => `Not done: ${problem}\n`),
    ...(undone.length + removed.names.length + problems.length === 0 ? ['There was nothing to take back.\n'] : []),
    dataNote(folders, io),
  ]
  const data = {
    done: problems.length === 0,
    tools: undone.map(({ tool, problem }) => ({ tool, problem })),
    keys: removed.names,
    problems,
  }
  return { text: lines.join(''), data, code: problems.length === 0 ? 0 : 1 }
}

/** One tool that cannot be undone must not keep the others. */
async function undoOne(id: string, connect: ConnectArguments, io: UninstallIo) {
  const tool = tools.find((each) => each.id === id)
  if (tool?.kind !== 'edits') return { tool: id, problem: `${id} is not known here.`, text: '' }
  try {
    const { text, warnings = [] } = await undoTool(tool, connect, io)
    return { tool: id, problem: null, text: [text, ...warnings.map((warning) => `  note: ${warning}\n`)].join('') }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return { tool: id, problem: `${tool.name}: ${error.message}`, text: '' }
  }
}

function overview({ tools: connected, keys, problems }: Found, folders: readonly string[]): Report {
  const isEmpty = connected.length + keys.length === 0
  const lines = [
    ...toolLines(connected),
    ...keyLines(keys),
    ...problems.map((problem) => `Keys in the keychain are not known: ${problem}`),
    isEmpty
      ? 'No tool is connected and no key is kept: nothing has to be taken back.'
      : 'Take it back with: llm-gateway uninstall --undo-tools --remove-keys',
  ]
  const data = {
    tools: connected,
    keys: keys.map(({ name, from }) => ({ name, from })),
    folders: [...folders],
    problems,
  }
  return { text: `${lines.join('\n')}\n`, data, code: 0 }
}

function toolLines(connected: readonly string[]): string[] {
  return connected.length === 0 ? [] : [`Connected tools: ${connected.join(', ')}`]
}

function keyLines(keys: readonly KeptKey[]): string[] {
  return keys.length === 0 ? [] : [`Kept keys: ${keys.map(({ name, from }) => `${name} (${from})`).join(', ')}`]
}

function dataNote(folders: readonly string[], { places }: UninstallIo): string {
  const there = folders.filter((folder) => places.exists(folder))
  return there.length === 0
    ? ''
    : `Calls and settings stay in ${there.join(' and ')}: delete it if you do not need them.\n`
}
