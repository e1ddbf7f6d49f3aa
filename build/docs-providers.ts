import { providerRows } from '../gateway/providers/rows.ts'
import type { EndpointRow, ProviderRow, Quirk } from '../gateway/providers/types.ts'
import { replaceSection, table } from './docs-parts.ts'

/** docs/providers.md with what follows from providers.json. */
export function generatedProviders(text: string): string {
  const withTable = replaceSection(text, 'providers', providersTable(providerRows))
  const withForwards = replaceSection(withTable, 'forwards', forwardsTable(providerRows))
  return replaceSection(withForwards, 'changes', changesTable(providerRows))
}

function providersTable(rows: readonly ProviderRow[]): string {
  const lines = rows.map((row) => {
    const [main] = row.endpoints
    return [
      `\`${row.id}\``,
      `[${row.name}](${row.docs})`,
      main === undefined ? '' : `\`${main.dialect}\``,
      otherEndpoints(row, (when) => when !== 'named'),
      otherEndpoints(row, (when) => when === 'named'),
      addressOf(main, row),
      keyOf(row),
    ]
  })
  return table(
    ['`name` or `type`', 'Provider', 'Chat is spoken in', 'Also', 'With `dialects`', 'Address', 'Key'],
    lines,
  )
}

function otherEndpoints({ endpoints }: ProviderRow, has: (when: EndpointRow['when']) => boolean): string {
  return endpoints
    .slice(1)
    .filter(({ when }) => has(when))
    .map(({ dialect, docs }) => {
      const name = dialect.replace(/^openai-/, '')
      return docs === undefined ? name : `[${name}](${docs})`
    })
    .join(', ')
}

/** What is handed on beside chat: a column for each kind, in it what of it a provider has. */
function forwardsTable(rows: readonly ProviderRow[]): string {
  const lines = rows
    .filter(({ forwards = [] }) => forwards.length > 0)
    .map(({ id, forwards = [] }) => {
      const has = forwards.map((each) => (typeof each === 'string' ? each : each.id))
      const list = (kind: string): string =>
        has.flatMap((each) => (each.startsWith(`${kind}/`) ? each.slice(kind.length + 1) : [])).join(', ')
      const others = has.filter((each) => !/^(images|audio)\//.test(each))
      return [`\`${id}\``, list('images'), list('audio'), others.map((each) => forwardNames[each] ?? each).join(', ')]
    })
  return table(['Provider', 'Images', 'Audio', 'Others'], lines)
}

const forwardNames: Record<string, string> = {
  'messages/batches': "batches of Anthropic's kind",
  'anthropic/files': "files of Anthropic's kind",
}

function addressOf(main: EndpointRow | undefined, { baseUrlExample }: ProviderRow): string {
  if (main?.baseUrl !== undefined) return `\`${main.baseUrl}\``
  return baseUrlExample === undefined ? 'set `baseUrl`' : `set \`baseUrl\`: \`${baseUrlExample}\``
}

function keyOf({ auth, keyEnv, keyOptional }: ProviderRow): string {
  if (auth.scheme === 'none') return 'none'
  const variable = keyEnv === undefined ? '' : `\`${keyEnv}\``
  if (keyOptional !== true) return variable
  return variable === '' ? 'if the server asks for one' : `${variable}, if the server asks for one`
}

function changesTable(rows: readonly ProviderRow[]): string {
  const lines = rows
    .filter(({ quirks = [] }) => quirks.length > 0)
    .map(({ id, quirks = [] }) => [`\`${id}\``, quirks.map(describeQuirk).join('; ')])
  return table(['Provider', 'Changes'], lines)
}

type VerbName = Quirk['verb']

const descriptions: { [V in VerbName]: (quirk: Extract<Quirk, { verb: V }>) => string } = {
  rename: ({ member, to }) => `\`${member}\` becomes \`${to}\``,
  drop: ({ member }) => `\`${member}\` is left out`,
  default: ({ member, value }) => `\`${member}\` is \`${JSON.stringify(value)}\` unless given`,
  clamp: ({ member, min, max }) => `\`${member}\` is held within ${min ?? '…'} to ${max ?? '…'}`,
  'drop-in-messages': ({ member, role }) => `\`${member}\` is left out of ${whichMessages(role)}`,
  'rename-in-messages': ({ member, to, role }) => `\`${member}\` becomes \`${to}\` in ${whichMessages(role)}`,
  'developer-to-system': () => '`developer` messages become `system`',
  'tool-ids': ({ length }) => `tool call ids are rewritten to ${length} letters and digits`,
  'no-stream-options': () => '`stream_options` is left out',
}

function describeQuirk(quirk: Quirk): string {
  return descriptions[quirk.verb](quirk as never)
}

function whichMessages(role: string | undefined): string {
  return role === undefined ? 'messages' : `\`${role}\` messages`
}
