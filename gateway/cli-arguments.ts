import { homedir } from 'node:os'
import { posix, resolve, win32 } from 'node:path'
import { parseArgs } from 'node:util'
import { didYouMean } from './config/spelling.ts'
import { parseConnectArguments, type ConnectArguments } from './commands/connect-arguments.ts'
import { parsePricesArguments, type PricesArguments } from './commands/prices-arguments.ts'
import { parseUninstallArguments, type UninstallArguments } from './commands/uninstall-arguments.ts'

/** What the command line and the environment ask for. */
export interface CliArguments {
  kind: 'arguments'
  /** `run` unless a flag asks for something that ends at once. */
  command: 'run' | 'check' | 'print-config' | 'version' | 'help'
  /** As given; undefined: look for one (findConfigFile). */
  config: string | undefined
  /** Both win over the configuration. */
  port: number | undefined
  host: string | undefined
  /** undefined: defaultDataDir. */
  dataDir: string | undefined
  /** False with `--no-ui`; without a desktop shell it has no effect. */
  ui: boolean
  /** Opens the dashboard and the management API; undefined: one is made and kept. */
  adminToken: string | undefined
}

/** Why the command line cannot be followed, in one line, with what would be right. */
export interface CliProblem {
  kind: 'problem'
  message: string
}

type Environment = Readonly<Record<string, string | undefined>>

interface Flag {
  type: 'string' | 'boolean'
  short?: string
  /** Shown in the help, e.g. FILE. */
  placeholder?: string
  variable?: string
  help: string
}

const flags = {
  config: {
    type: 'string',
    short: 'c',
    placeholder: 'FILE',
    variable: 'LLM_GATEWAY_CONFIG',
    help: 'configuration file (else gateway.yaml here, then in the data dir, else defaults)',
  },
  port: {
    type: 'string',
    short: 'p',
    placeholder: 'N',
    variable: 'LLM_GATEWAY_PORT',
    help: 'port to listen on; 0 takes any free one (over server.port)',
  },
  host: {
    type: 'string',
    placeholder: 'H',
    variable: 'LLM_GATEWAY_HOST',
    help: 'address to listen on (over server.host)',
  },
  'data-dir': {
    type: 'string',
    placeholder: 'DIR',
    variable: 'LLM_GATEWAY_DATA_DIR',
    help: 'where ledger, admin token and edits are kept',
  },
  'admin-token': {
    type: 'string',
    placeholder: 'TOKEN',
    variable: 'LLM_GATEWAY_ADMIN_TOKEN',
    help: 'opens the dashboard; safer in the variable (else one is made)',
  },
  check: { type: 'boolean', variable: 'LLM_GATEWAY_CHECK', help: 'check the configuration and exit' },
  'print-config': {
    type: 'boolean',
    variable: 'LLM_GATEWAY_PRINT_CONFIG',
    help: 'print the effective configuration, secrets masked, and exit',
  },
  'no-ui': { type: 'boolean', variable: 'LLM_GATEWAY_NO_UI', help: 'run without a window or tray (always so here)' },
  // No variables for these two: LLM_GATEWAY_VERSION is what deployments call the image tag.
  version: { type: 'boolean', short: 'v', help: 'print the version and exit' },
  help: { type: 'boolean', short: 'h', help: 'print this and exit' },
} as const satisfies Record<string, Flag>

type FlagName = keyof typeof flags
type Values = Partial<Record<FlagName, string>>

const flagEntries: [FlagName, Flag][] = Object.entries(flags) as [FlagName, Flag][]

/** `argv` without the program: `process.argv.slice(2)`. A flag wins over its variable, the last flag over earlier ones. */
export function parseArguments(
  argv: readonly string[],
  env: Environment,
): CliArguments | ConnectArguments | PricesArguments | UninstallArguments | CliProblem {
  if (argv[0] === 'connect') return parseConnectArguments(argv.slice(1), env)
  if (argv[0] === 'prices') return parsePricesArguments(argv.slice(1), env)
  if (argv[0] === 'uninstall') return parseUninstallArguments(argv.slice(1), env)
  const given = readFlags(argv)
  const values = typeof given === 'string' ? given : mergeEnvironment(given, env)
  if (typeof values === 'string') return { kind: 'problem', message: `${values} (--help lists the flags)` }
  return {
    kind: 'arguments',
    command: commandOf(values),
    config: values.config,
    port: values.port === undefined ? undefined : Number(values.port),
    host: values.host,
    dataDir: values['data-dir'],
    ui: values['no-ui'] === undefined,
    adminToken: values['admin-token'],
  }
}

function commandOf(values: Values): CliArguments['command'] {
  const commands = ['help', 'version', 'print-config', 'check'] as const
  return commands.find((command) => values[command] !== undefined) ?? 'run'
}

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number]
type OptionToken = Extract<Token, { kind: 'option' }>

/** The flags' values, or what is wrong with them. */
function readFlags(argv: readonly string[]): Values | string {
  const options = Object.fromEntries(
    flagEntries.map(([name, { type, short }]) => [name, { type, ...(short && { short }) }]),
  )
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true, allowPositionals: true })
  const values: Values = {}
  for (const token of tokens) {
    const problem = token.kind === 'option' ? readOption(token, values) : positionalProblem(token)
    if (problem !== undefined) return problem
  }
  return values
}

function positionalProblem(token: Token): string | undefined {
  if (token.kind !== 'positional') return undefined
  if (token.value === 'connect') return 'connect comes first: llm-gateway connect TOOL'
  if (token.value === 'prices') return 'prices comes first: llm-gateway prices show'
  if (token.value === 'uninstall') return 'uninstall comes first: llm-gateway uninstall'
  const suggestion = /\.ya?ml$/i.test(token.value) ? `; did you mean --config ${token.value}?` : ''
  return `unexpected argument "${token.value}"${suggestion}`
}

function readOption({ name, rawName, value, inlineValue }: OptionToken, values: Values): string | undefined {
  const flag = (flags as Record<string, Flag>)[name]
  if (flag === undefined || !Object.hasOwn(flags, name)) return unknownFlag(rawName)
  if (flag.type === 'boolean' && value !== undefined) return `${rawName} takes no value`
  if (flag.type === 'string' && isMissing(value, inlineValue)) return `${rawName} needs a value: ${usage(name, flag)}`
  values[name as FlagName] = value ?? 'true'
  return valueProblem(name, rawName, value ?? '')
}

function valueProblem(name: string, where: string, value: string): string | undefined {
  if (name === 'port') return portProblem(where, value)
  return name === 'admin-token' ? tokenProblem(where, value) : undefined
}

/** Whoever has it may spend money and read what was asked. */
const shortestToken = 16

/** What is wrong with an admin token; `where` it was given. */
export function tokenProblem(where: string, value: string): string | undefined {
  if (value.length >= shortestToken && /^[\x21-\x7e]+$/.test(value)) return undefined
  return `${where}: the token must have at least ${shortestToken} characters, without spaces`
}

function isMissing(value: string | undefined, isInline: boolean | undefined): boolean {
  return value === undefined || value === '' || (isInline !== true && value.startsWith('-'))
}

function unknownFlag(rawName: string): string {
  const names = flagEntries.map(([name]) => `--${name}`)
  return `unknown flag ${rawName}${didYouMean(rawName, names).replaceAll('"', '')}`
}

function portProblem(where: string, value: string): string | undefined {
  if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return undefined
  return `${where}: "${value}" is not a port; give a whole number from 0 to 65535`
}

/** Adds what only the environment says; a wrong variable that a flag overrides does not matter. */
function mergeEnvironment(given: Values, env: Environment): Values | string {
  const values: Values = { ...given }
  for (const [name, { type, variable }] of flagEntries) {
    const text = variable === undefined ? undefined : env[variable]
    if (variable === undefined || values[name] !== undefined || isNotForUs(text)) continue
    if (type === 'boolean' && /^(0|false|no|off)$/i.test(text)) continue
    if (type === 'boolean' && !/^(1|true|yes|on)$/i.test(text)) return `${variable}: "${text}" is neither 1 nor 0`
    const problem = valueProblem(name, variable, text)
    if (problem !== undefined) return problem
    values[name] = text
  }
  return values
}

/**
 * Kubernetes gives every pod beside a Service named llm-gateway a variable LLM_GATEWAY_PORT=tcp://10.0.0.1:8080
 * (https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables).
 */
function isNotForUs(text: string | undefined): text is undefined | '' {
  return text === undefined || text === '' || /^(tcp|udp|sctp):\/\//.test(text)
}

function usage(name: string, { placeholder }: Flag): string {
  return placeholder === undefined ? `--${name}` : `--${name} ${placeholder}`
}

/** What `--help` prints. */
export function helpText(): string {
  const rows = flagEntries.map(([name, flag]) => {
    const left = `${flag.short === undefined ? '    ' : `-${flag.short}, `}${usage(name, flag)}`
    return { left, right: flag.variable === undefined ? flag.help : `${flag.help} [${flag.variable}]` }
  })
  const width = Math.max(...rows.map(({ left }) => left.length)) + 2
  const lines = rows.map(({ left, right }) => `  ${left.padEnd(width)}${right}`)
  const connect = '       llm-gateway connect [TOOL]   points AI tools of this machine at the gateway (connect --help)'
  const prices = '       llm-gateway prices [show]    shows, compares and updates the prices of models (prices --help)'
  const uninstall = '       llm-gateway uninstall        takes back connected tools and kept keys (uninstall --help)'
  const usageLines = ['Usage: llm-gateway [flags]', connect, prices, uninstall]
  return [...usageLines, '', ...lines, '', 'A flag wins over its [VARIABLE].'].join('\n')
}

export interface ConfigCandidates {
  /** `--config`, if given. It need not exist: loading says so better. */
  given: string | undefined
  workingDirectory: string
  /** Looked into when none is given, in this order. */
  folders: readonly string[]
  exists: (file: string) => boolean
}

/** The absolute path of the file to load; undefined means built-in defaults. */
export function findConfigFile({ given, workingDirectory, folders, exists }: ConfigCandidates): string | undefined {
  if (given !== undefined) return resolve(workingDirectory, given)
  return folders.flatMap((folder) => ['gateway.yaml', 'gateway.yml'].map((name) => resolve(folder, name))).find(exists)
}

/** Where the ledger lies unless told otherwise: the platform's place for an application's data. */
export function defaultDataDir(env: Environment, platform: NodeJS.Platform, home: string = homedir()): string {
  if (platform === 'win32') {
    return win32.join(env['APPDATA'] ?? win32.join(home, 'AppData', 'Roaming'), 'llm-gateway')
  }
  const userHome = env['HOME'] || home
  if (platform === 'darwin') return posix.join(userHome, 'Library', 'Application Support', 'llm-gateway')
  const dataHome = env['XDG_DATA_HOME'] ?? ''
  // The specification says to ignore a relative path (https://specifications.freedesktop.org/basedir-spec/latest/).
  return posix.join(posix.isAbsolute(dataHome) ? dataHome : posix.join(userHome, '.local', 'share'), 'llm-gateway')
}

/** Where the desktop app keeps its data: Electron's place for an app of its name (setName in main/desktop.ts). */
export function desktopDataDir(env: Environment, platform: NodeJS.Platform, home: string = homedir()): string {
  const name = 'LLM Gateway'
  if (platform === 'win32') return win32.join(env['APPDATA'] ?? win32.join(home, 'AppData', 'Roaming'), name)
  const userHome = env['HOME'] || home
  if (platform === 'darwin') return posix.join(userHome, 'Library', 'Application Support', name)
  return posix.join(env['XDG_CONFIG_HOME'] || posix.join(userHome, '.config'), name)
}
