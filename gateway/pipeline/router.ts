import type { Dialect } from '../dialects/dialect.ts'
import { GatewayError } from '../errors.ts'
import { matchesPattern } from '../providers/pattern.ts'
import type { Call, Caller, Route } from './call.ts'
import { route, type RoutingTable } from './route.ts'

const memoLimit = 1000

/** Routing with what the caller may use; answers are remembered unless an alias draws lots. */
export function createRouter(table: RoutingTable, random: () => number): (call: Call, caller: Caller) => Route {
  const memo = new Map<Dialect, Map<string, Route>>()
  const remember = (call: Call, found: Route): void => {
    const routes = memo.get(call.dialect) ?? new Map<string, Route>()
    // Clients choose the names: the memo must not grow with what they make up.
    if (routes.size >= memoLimit) routes.clear()
    memo.set(call.dialect, routes.set(call.model, found))
  }
  return (call, caller) => {
    if (caller.models !== undefined) checkModel(call, { ...caller, models: caller.models }, table)
    const { provider, fallback = true } = call.options
    const isPlain = provider === undefined && fallback
    const known = isPlain ? memo.get(call.dialect)?.get(call.model) : undefined
    if (known !== undefined) return known
    const found = route({ model: call.model, dialect: call.dialect, provider, fallback }, table, random)
    if (caller.models !== undefined) checkAlias(call, caller, { found, table })
    const drawn = table.aliases.get(call.model)?.some(({ weight }) => weight !== undefined) === true
    if (isPlain && !drawn) remember(call, found)
    return found
  }
}

function checkModel(call: Call, caller: Caller & { models: string[] }, table: RoutingTable): void {
  const { provider } = call.options
  const allows = (pattern: string): boolean =>
    matchesPattern(pattern, call.model) && !isForAnother(pattern, provider, table)
  if (caller.models.some(allows)) return
  throw new GatewayError('model_not_allowed', `The key "${caller.name}" may not use the model "${call.model}".`, {
    param: 'model',
  })
}

/** `openai/*` allows nothing of another provider, though that one may name its models alike (OpenRouter does). */
function isForAnother(pattern: string, insisted: string | undefined, table: RoutingTable): boolean {
  if (insisted === undefined) return false
  const prefix = pattern.slice(0, pattern.indexOf('/'))
  return prefix !== insisted && table.providers.some(({ name }) => name === prefix)
}

/** An alias may be called like a model that costs more elsewhere: what the key may use is the alias. */
function checkAlias(call: Call, caller: Caller, { found, table }: { found: Route; table: RoutingTable }): void {
  if (found.alias !== undefined || !table.aliases.has(call.model)) return
  const text = `The key "${caller.name}" may use "${call.model}" only where it leads by itself.`
  throw new GatewayError('model_not_allowed', text, { param: 'x-gateway.provider' })
}
