import type { Config, TargetConfig } from '../config/schema.ts'
import type { AliasTarget, MethodInput, MethodOutput } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import type { RoutingTable } from '../pipeline/route.ts'
import { fallbackEdits, removeAliasEdits, saveAliasEdits } from './aliases-edits.ts'
import { aliasWarnings } from './aliases-warnings.ts'
import type { HandlersOf } from './api.ts'
import type { Configuration } from './configuration.ts'
import type { RoutingView } from './providers-view.ts'

export interface AliasesPorts {
  configuration: Pick<Configuration, 'current' | 'edit'>
  current: () => Pick<RoutingView, 'table'>
}

export function createAliasesHandlers({ configuration, current }: AliasesPorts): HandlersOf<'aliases'> {
  const aliases = (): Config['routing']['modelMappings'] => configuration.current().config.routing.modelMappings
  return {
    'aliases.list': () => routingOf(configuration.current().config.routing, current().table),

    'aliases.check': (draft) => ({ warnings: aliasWarnings(draft, current().table) }),

    'aliases.save': (input) =>
      configuration.edit(() => {
        checkNames(input, aliases())
        return saveAliasEdits(input)
      }),

    'aliases.remove': ({ name }) =>
      configuration.edit(() => {
        requireAlias(name, aliases())
        return removeAliasEdits(name)
      }),

    'aliases.fallback': (input) => configuration.edit(fallbackEdits(input)),
  }
}

function routingOf(routing: Config['routing'], table: RoutingTable): MethodOutput<'aliases.list'> {
  return {
    aliases: Object.entries(routing.modelMappings).map(([name, value]) => {
      const targets = [value].flat().map(aliasTarget)
      return { name, targets, warnings: aliasWarnings({ name, targets }, table) }
    }),
    fallbackChain: routing.fallbackChain.map((link) => (typeof link === 'string' ? { provider: link } : link)),
    defaultProvider: routing.defaultProvider ?? null,
  }
}

function aliasTarget({ provider, model, weight }: TargetConfig): AliasTarget {
  return { provider, model, ...(weight === undefined ? {} : { weight }) }
}

type Aliases = Config['routing']['modelMappings']

/** Data cannot have them as keys like others: they would be written and never be found again. */
const impossibleNames: ReadonlySet<string> = new Set(['__proto__', '<<'])

function checkNames({ name, was }: MethodInput<'aliases.save'>, aliases: Aliases): void {
  if (impossibleNames.has(name)) {
    throw new GatewayError('invalid_request', `An alias cannot be called "${name}": choose another name.`, {
      param: 'name',
    })
  }
  if (was === undefined || was === name) return
  requireAlias(was, aliases)
  if (!Object.hasOwn(aliases, name)) return
  const text = `There is an alias "${name}" already: choose another name, or remove that one first.`
  throw new GatewayError('invalid_request', text, { param: 'name' })
}

function requireAlias(name: string, aliases: Aliases): void {
  if (Object.hasOwn(aliases, name)) return
  throw new GatewayError('not_found', `There is no alias "${name}" (any more).`)
}
