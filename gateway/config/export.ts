import { visit } from 'yaml'
import { mask } from './credentials.ts'
import { findReferences } from './interpolate.ts'
import type { Reference } from './interpolate.ts'
import { readConfigData } from './load.ts'
import { nameSecrets } from './name-secrets.ts'
import { formatPath, isRecord, valueAt } from './path.ts'
import type { KnownProvider } from './references.ts'
import { editConfigText } from './save.ts'
import { withoutDefaults } from './without-defaults.ts'
import { ConfigError } from './types.ts'
import { parseYaml, syntaxProblems } from './yaml-source.ts'

/** First line of what is exported, by which it is known when it is exported again. */
const title = '# LLM Gateway configuration, exported from the app.'

/**
 * The configuration as a file that runs headless as it is and holds no key: each is a reference, and the head says which
 * variables to set. A file that people commented keeps its comments and all its keys; else defaults are left out.
 */
export async function exportConfig(text: string, knownProviders: readonly KnownProvider[]): Promise<string> {
  const problems = syntaxProblems(parseYaml(text))
  // What cannot be read is not known to hold no key.
  if (problems.length > 0 || readConfigData(text) === undefined) throw new ConfigError('gateway.yaml', problems)
  const named = await nameSecrets(text, { knownProviders })
  const withReferences = editConfigText(
    withoutOldHead(text),
    named.map(({ edit }) => edit),
  )
  const body = hasComments(withReferences)
    ? cleanComments(
        withReferences,
        named.map(({ value }) => value),
      )
    : withSectionComments(withoutDefaults(withReferences))
  return `${headOf(body)}\n${body.trimStart()}`
}

function withoutOldHead(text: string): string {
  if (!text.startsWith(title)) return text
  const end = text.indexOf('\n\n')
  return end === -1 ? '' : text.slice(end + 2)
}

function headOf(body: string): string {
  const data = readConfigData(body)
  const variables = new Map<string, Reference[]>()
  for (const reference of findReferences(parseYaml(body))) {
    variables.set(reference.name, [...(variables.get(reference.name) ?? []), reference])
  }
  const width = Math.max(...[...variables.keys()].map((name) => name.length), 0)
  const lines = [...variables].map(([name, references]) => {
    const isOptional = references.every(({ hasDefault }) => hasDefault) ? ' (optional)' : ''
    const uses = new Set(references.map((reference) => describeUse(reference, data)))
    return `#   ${name.padEnd(width)}  ${[...uses].join(', ')}${isOptional}`
  })
  const needed =
    lines.length === 0
      ? ['# It needs no environment variables.']
      : ['# No key is in it. Set these environment variables where it runs:', ...lines]
  const start = ['# Start it without a window:', '#   llm-gateway --no-ui --config gateway.yaml']
  return [title, ...needed, ...start, ''].join('\n')
}

function describeUse({ path }: Reference, data: unknown): string {
  const [section, , member, header] = path
  const owner = (depth: number): string => JSON.stringify(valueAt(data, [...path.slice(0, depth), 'name']) ?? 'unnamed')
  if (section === 'providers' && member === 'apiKey') return `key of the provider ${owner(2)}`
  if (section === 'providers' && member === 'headers') return `header ${String(header)} of the provider ${owner(2)}`
  if (section === 'providers' && member === 'baseUrl') return `address of the provider ${owner(2)}`
  if (section === 'cache') return 'address of Redis'
  if (section === 'telemetry' && member === 'headers') return `header ${String(header)} of the OTLP collector`
  if (section === 'auth' && header === 'key') return `key of the client ${owner(3)}`
  return formatPath(path)
}

const sectionComments: Record<string, string> = {
  server: 'Where the gateway listens. 127.0.0.1 is this machine alone; in a container use 0.0.0.0 and set auth.keys.',
  providers: 'Who is asked. Keys are references to environment variables.',
  routing: 'Names that clients may use for models, and who steps in when a provider fails.',
  cache: 'Answers that are given again without asking, and without paying.',
  rateLimit: 'How much may be asked in a span of time.',
  auth: 'Who may ask.',
  budgets: 'How much may be spent, in USD.',
  pricing: 'Prices in USD per 1,000,000 tokens, where they differ from the known ones.',
  ledger: 'What is kept of calls, and for how long.',
  metrics: 'Numbers for Prometheus.',
  logging: 'What is logged, and how.',
  network: 'The way out: proxy and certificates.',
  telemetry: 'Traces and metrics for an OpenTelemetry collector.',
}

/** The sections start in the first column, which is all that is needed to find them. */
function withSectionComments(text: string): string {
  const sections = readConfigData(text)
  if (!isRecord(sections) || Object.keys(sections).length === 0) return '# Everything is as it is by default.\n{}\n'
  const commented = text.replaceAll(/^([A-Za-z]+):/gm, (line, section: string) => {
    const comment = sectionComments[section]
    return comment === undefined ? line : `\n# ${comment}\n${line}`
  })
  return commented.replaceAll(/\n{3,}/g, '\n\n')
}

function hasComments(text: string): boolean {
  const { document } = parseYaml(text)
  let found = [document.commentBefore, document.comment].some((comment) => (comment ?? '') !== '')
  visit(document, {
    Node(_, node) {
      found ||= [node.commentBefore, node.comment].some((comment) => (comment ?? '') !== '')
    },
  })
  return found
}

/** Keys that were commented out, or stand in a remark, would travel along. */
function cleanComments(text: string, secrets: string[]): string {
  return text.replaceAll(/(?<=^|\s)#.*$/gm, (comment) => {
    const known = secrets.filter((secret) => secret.length >= 8)
    return known
      .reduce((cleaned, secret) => cleaned.replaceAll(secret, mask), comment)
      .replaceAll(/\b(sk|pk|gsk|xai|hf|nvapi|ghp|github_pat|AIza|gw)[-_][-\w]{8,}/g, mask)
      .replaceAll(/\b(api_?key|key|token|password|secret)(["']?\s*[:=]\s*["']?)(?![$"'*])[^\s"']{8,}/gi, `$1$2${mask}`)
  })
}
