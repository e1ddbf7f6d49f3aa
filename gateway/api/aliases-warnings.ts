import { didYouMean } from '../config/spelling.ts'
import type { AliasTarget } from '../contract.ts'
import type { RoutingTable } from '../pipeline/route.ts'
import { servesModel } from '../providers/provider.ts'
import type { Provider } from '../providers/types.ts'
import { plainProblem } from './providers-view.ts'

export interface AliasDraft {
  name: string
  targets: readonly AliasTarget[]
}

type World = Pick<RoutingTable, 'providers' | 'aliases'>

/** What is wrong or surprising with an alias, in words. Pure. */
export function aliasWarnings(draft: AliasDraft, world: World): string[] {
  const { targets } = draft
  return [
    ...nameWarnings(draft, world),
    ...(targets.length === 0 ? ['It leads nowhere: add a target.'] : []),
    ...targets.flatMap((target) => targetWarnings(target, draft, world)),
    ...weightWarnings(targets),
    ...repeated(targets),
  ]
}

function nameWarnings({ name, targets }: AliasDraft, { providers }: World): string[] {
  const listing = providers.filter((provider) => servesModel(provider, name) === 'exact')
  // An alias may carry the name of the model it leads to: that pins the provider.
  const shadowed = listing.filter(({ name: owner }) =>
    targets.every((target) => target.provider !== owner || target.model !== name),
  )
  const slash = name.indexOf('/')
  const addressed = providers.find((provider) => slash > 0 && provider.name === name.slice(0, slash))
  return [
    ...shadowed.map(
      ({ name: owner }) => `"${name}" is also a model of ${owner}: calls for it go to this alias instead.`,
    ),
    ...(addressed === undefined || listing.length > 0
      ? []
      : [`Without this alias "${name}" means the model "${name.slice(slash + 1)}" of ${addressed.name}.`]),
    ...(name.trim() === name ? [] : ['The name begins or ends with a space; clients must write it so too.']),
  ]
}

function targetWarnings({ provider: wanted, model }: AliasTarget, { name }: AliasDraft, world: World): string[] {
  const provider = world.providers.find((each) => each.name === wanted)
  if (provider === undefined) {
    const known = world.providers.map((each) => each.name)
    return [`There is no provider "${wanted}"${didYouMean(wanted, known) || '; add it first.'}`]
  }
  const isUnlisted = servesModel(provider, model) === undefined
  const problem = plainProblem(provider)
  return [
    ...(isUnlisted ? [unlisted(provider, model, name)] : []),
    ...(problem === undefined ? [] : [`${wanted} cannot be asked yet. ${problem}`]),
    ...(isUnlisted || model === name || !world.aliases.has(model) ? [] : [notFollowed(wanted, model)]),
  ]
}

function unlisted({ name: provider }: Provider, model: string, alias: string): string {
  if (model === alias) return `"${alias}" maps to itself: the models of ${provider} have no "${model}".`
  return `"${model}" is not among the models that are set for ${provider}.`
}

function notFollowed(provider: string, model: string): string {
  return `"${model}" is an alias too, and aliases do not lead to aliases: ${provider} is asked for a model of this name.`
}

function weightWarnings(targets: readonly AliasTarget[]): string[] {
  const weighted = targets.filter(({ weight }) => weight !== undefined).length
  if (weighted > 0 && weighted < targets.length) return ['Give every target a weight, or none.']
  return weighted === 1 ? ['A weight means nothing where there is one target.'] : []
}

function repeated(targets: readonly AliasTarget[]): string[] {
  const keys = targets.map(({ provider, model }) => `${provider}/${model}`)
  const twice = new Set(keys.filter((key, index) => keys.indexOf(key) !== index))
  return [...twice].map((key) => `${key} is a target twice.`)
}
