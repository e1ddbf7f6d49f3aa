import type { CliProblem } from '../cli-arguments.ts'
import { placeholderKey } from '../connect/tool.ts'
import { nonEmpty, readFlags } from './read-flags.ts'

/** `llm-gateway connect [TOOL] [flags]` */
export interface ConnectArguments {
  kind: 'connect'
  /** undefined: list the tools. */
  tool: string | undefined
  undo: boolean
  dryRun: boolean
  json: boolean
  help: boolean
  /** Of the gateway, without a path at its end; undefined: find out. */
  url: string | undefined
  key: string | undefined
  model: string | undefined
  smallModel: string | undefined
  dataDir: string | undefined
  adminToken: string | undefined
}

const options = {
  undo: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  url: { type: 'string' },
  key: { type: 'string' },
  model: { type: 'string' },
  'small-model': { type: 'string' },
  'data-dir': { type: 'string' },
  'admin-token': { type: 'string' },
} as const

type Environment = Readonly<Record<string, string | undefined>>

/** `argv`: what follows `connect`. */
export function parseConnectArguments(argv: readonly string[], env: Environment): ConnectArguments | CliProblem {
  const { text, isSet, positionals, problem } = readFlags(argv, options)
  const wrong = problem ?? surplus(positionals)
  if (wrong !== undefined) return trouble(wrong)
  const url = text('url') === undefined ? portUrl(env['LLM_GATEWAY_PORT']) : gatewayUrl(text('url') ?? '')
  if (text('url') !== undefined && url === undefined) {
    // Not quoted: what is wrong with it may be a password.
    return trouble('--url: that is not the address of a gateway; write it as http://127.0.0.1:8080')
  }
  if (!isKey(text('key') ?? placeholderKey)) {
    return trouble('--key: a key has at least 8 characters, without spaces')
  }
  if (positionals.length === 0 && isSet('undo')) return trouble('--undo needs the name of a tool')
  return {
    kind: 'connect',
    tool: positionals[0],
    undo: isSet('undo'),
    dryRun: isSet('dry-run'),
    json: isSet('json'),
    help: isSet('help'),
    url,
    key: text('key'),
    model: text('model'),
    smallModel: text('small-model'),
    dataDir: text('data-dir') ?? nonEmpty(env['LLM_GATEWAY_DATA_DIR']),
    adminToken: text('admin-token') ?? nonEmpty(env['LLM_GATEWAY_ADMIN_TOKEN']),
  }
}

function trouble(message: string): CliProblem {
  return { kind: 'problem', message: `${message} (connect --help lists the flags)` }
}

function surplus(positionals: readonly string[]): string | undefined {
  return positionals.length > 1 ? `unexpected argument "${positionals[1]}": connect one tool at a time` : undefined
}

/** A shorter one would be taken for a part of other words in the file; others do not fit into a header. */
function isKey(text: string): boolean {
  return text === placeholderKey || /^[\x21-\x7e]{8,}$/.test(text)
}

/** Without the path that some tools want: each tool gets its own. undefined: not an address, or more than one. */
function gatewayUrl(text: string): string | undefined {
  const url = URL.parse(text.includes('://') ? text : `http://${text}`)
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return undefined
  return `${url.origin}${url.pathname.replace(/\/(v1(beta)?\/?)?$/, '')}`
}

function portUrl(port: string | undefined): string | undefined {
  return port !== undefined && /^\d{1,5}$/.test(port) && Number(port) <= 65_535 ? `http://127.0.0.1:${port}` : undefined
}

/** What `connect --help` prints. */
export function connectHelp(): string {
  return `Usage: llm-gateway connect [TOOL] [flags]

Points an AI tool of this machine at the gateway by changing only the keys it owns in the tool's files.
Without a tool: lists the tools, whether they are installed, and whether they are connected.

  --undo              take it back: the files are as they were
  --dry-run           show what would change in the files, change nothing
  --model NAME        the model the tool is to use
  --small-model NAME  a cheaper one for titles and summaries, where the tool has that
  --url URL           the gateway (else as connected before, else http://127.0.0.1:8080)
  --key KEY           a client key to use (else the running gateway is asked to make one)
  --data-dir DIR      where is remembered what was changed [LLM_GATEWAY_DATA_DIR]
  --admin-token TOKEN to have a key made (else it is looked for in the data dir) [LLM_GATEWAY_ADMIN_TOKEN]
  --json              answer in JSON
  -h, --help          print this and exit

It ends with 0 when done, 1 when it could not be done, 2 when it was called wrongly.`
}
