import type { CliProblem } from '../cli-arguments.ts'
import { didYouMean } from '../config/spelling.ts'
import { nonEmpty, readFlags } from './read-flags.ts'

/** `llm-gateway prices [show|diff|update|reset] [flags]` */
export interface PricesArguments {
  kind: 'prices'
  verb: PricesVerb
  /** show: a model or `provider/model`; diff and update: a file or an address. */
  subject: string | undefined
  yes: boolean
  force: boolean
  json: boolean
  help: boolean
  config: string | undefined
  dataDir: string | undefined
}

const verbs = ['show', 'diff', 'update', 'reset'] as const
export type PricesVerb = (typeof verbs)[number]

const options = {
  yes: { type: 'boolean', short: 'y' },
  force: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  config: { type: 'string', short: 'c' },
  'data-dir': { type: 'string' },
} as const

type Environment = Readonly<Record<string, string | undefined>>

/** `argv`: what follows `prices`. */
export function parsePricesArguments(argv: readonly string[], env: Environment): PricesArguments | CliProblem {
  const { text, isSet, positionals, problem } = readFlags(argv, options)
  const [verb = 'show', subject, ...surplus] = positionals
  if (problem !== undefined) return trouble(problem)
  if (!isVerb(verb)) return trouble(`prices cannot "${verb}"${didYouMean(verb, verbs)}`)
  if (surplus.length > 0) return trouble(`unexpected argument "${surplus[0]}"`)
  if (verb === 'reset' && subject !== undefined) return trouble(`unexpected argument "${subject}"`)
  if (!isSet('help') && (verb === 'diff' || verb === 'update') && subject === undefined) {
    return trouble(`prices ${verb} needs a file or an address`)
  }
  return {
    kind: 'prices',
    verb,
    subject,
    yes: isSet('yes'),
    force: isSet('force'),
    json: isSet('json'),
    help: isSet('help'),
    config: text('config') ?? nonEmpty(env['LLM_GATEWAY_CONFIG']),
    dataDir: text('data-dir') ?? nonEmpty(env['LLM_GATEWAY_DATA_DIR']),
  }
}

function isVerb(text: string): text is PricesVerb {
  return (verbs as readonly string[]).includes(text)
}

function trouble(message: string): CliProblem {
  return { kind: 'problem', message: `${message} (prices --help lists what there is)` }
}

/** What `prices --help` prints. */
export function pricesHelp(): string {
  return `Usage: llm-gateway prices [show [MODEL]] [flags]
       llm-gateway prices diff FILE|URL
       llm-gateway prices update FILE|URL [--yes] [--force]
       llm-gateway prices reset

show without MODEL says where the prices come from and how many there are; with a model or provider/model what it
costs per 1M tokens, and whether that is from the table or from pricing.overrides.
diff says what a price list would change; update takes it, after the same look and a question.
Known lists: genai-prices (data.json), LiteLLM (model_prices_and_context_window.json), models.dev (api.json), and
tables of this gateway. Overrides in gateway.yaml always win and are never touched.

  -y, --yes       update without asking
  --force         update although it has fewer than half of the models, or prices 100 times off
  --json          answer in JSON
  -c, --config FILE  whose overrides count, and whose proxy is used [LLM_GATEWAY_CONFIG]
  --data-dir DIR  where the updated table is kept [LLM_GATEWAY_DATA_DIR]
  -h, --help      print this and exit

It ends with 0 when done, 1 when it could not be done or was not wanted, 2 when it was called wrongly.`
}
