import type { CliProblem } from '../cli-arguments.ts'
import { nonEmpty, readFlags } from './read-flags.ts'

/** `llm-gateway uninstall [flags]` */
export interface UninstallArguments {
  kind: 'uninstall'
  undoTools: boolean
  removeKeys: boolean
  yes: boolean
  json: boolean
  help: boolean
  dataDir: string | undefined
}

const options = {
  'undo-tools': { type: 'boolean' },
  'remove-keys': { type: 'boolean' },
  yes: { type: 'boolean', short: 'y' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  'data-dir': { type: 'string' },
} as const

type Environment = Readonly<Record<string, string | undefined>>

/** `argv`: what follows `uninstall`. */
export function parseUninstallArguments(argv: readonly string[], env: Environment): UninstallArguments | CliProblem {
  const { text, isSet, positionals, problem } = readFlags(argv, options)
  const wrong = problem ?? (positionals.length > 0 ? `unexpected argument "${positionals[0]}"` : undefined)
  if (wrong !== undefined) return { kind: 'problem', message: `${wrong} (uninstall --help lists the flags)` }
  return {
    kind: 'uninstall',
    undoTools: isSet('undo-tools'),
    removeKeys: isSet('remove-keys'),
    yes: isSet('yes'),
    json: isSet('json'),
    help: isSet('help'),
    dataDir: text('data-dir') ?? nonEmpty(env['LLM_GATEWAY_DATA_DIR']),
  }
}

/** What `uninstall --help` prints. */
export function uninstallHelp(): string {
  return `Usage: llm-gateway uninstall [flags]

Takes back what the gateway left outside of its own folder, so that it can be removed. Without flags it only says what
there is. Installers call it; the program itself and its data folder are not removed by it.

  --undo-tools    point every connected AI tool back to where it was
  --remove-keys   remove the provider keys that were entered in the gateway, from the keychain and from keys.json
  -y, --yes       do it without asking
  --data-dir DIR  look only into this data folder [LLM_GATEWAY_DATA_DIR]
  --json          answer in JSON
  -h, --help      print this and exit

It ends with 0 when done, 1 when something could not be done or was not wanted, 2 when it was called wrongly.`
}
