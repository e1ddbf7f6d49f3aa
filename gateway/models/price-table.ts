/**
 * Prices and context windows as @pydantic/genai-prices has them. The package's own rules of matching are repeated here,
 * and a test compares the two for every model that it names.
 */
export interface PriceTable {
  providers: TableProvider[]
}

export interface TableProvider {
  id: string
  /** Models that are this vendor's whoever serves them. */
  model_match?: Match
  /** Whose models this one serves too, at the same price. */
  fallback_model_providers?: string[]
  /** TableModel[] as JSON text. */
  models: string
}

export interface TableModel {
  id: string
  match: Match
  context_window?: number
  prices: TablePrice | ConditionalPrice[]
}

export interface ConditionalPrice {
  constraint?: TableConstraint
  prices: TablePrice
}

/** USD per 1M tokens or per 1,000 of something, by the package's names of them. */
export type TablePrice = Record<string, TableRate | undefined>

export type TableRate = number | { base: number; tiers: { start: number; price: number }[] }

export type TableConstraint =
  | { type: 'start_date'; start_date: string }
  | { type: 'time_of_date'; start_time: string; end_time: string }

export type Match =
  | { and: Match[] }
  | { or: Match[] }
  | { equals: string }
  | { starts_with: string }
  | { ends_with: string }
  | { contains: string }
  | { regex: string }

/** undefined as provider: any vendor whose models are named like that. */
export type FindModel = (providerId: string | undefined, model: string) => TableModel | undefined

/** A provider's models are parsed when the first of them is asked for. */
export function openPriceTable({ providers }: PriceTable): FindModel {
  const parsed = new Map<string, TableModel[]>()
  const byId = new Map(providers.map((provider) => [provider.id, provider]))
  return (providerId, model) => {
    const name = model.toLowerCase().trim()
    const provider =
      providerId === undefined
        ? providers.find(({ model_match: match }) => match !== undefined && matches(match, name))
        : byId.get(providerId)
    if (provider === undefined) return undefined
    return find(provider, name) ?? find(provider, withDashedDate(name))
  }

  function find(provider: TableProvider, name: string): TableModel | undefined {
    const own = modelsOf(provider).find(({ match }) => matches(match, name))
    if (own !== undefined) return own
    const others = (provider.fallback_model_providers ?? []).flatMap((id) => byId.get(id) ?? [])
    return others.flatMap((other) => modelsOf(other).find(({ match }) => matches(match, name)) ?? [])[0]
  }

  function modelsOf({ id, models }: TableProvider): TableModel[] {
    const known = parsed.get(id) ?? (JSON.parse(models) as TableModel[])
    parsed.set(id, known)
    return known
  }
}

function matches(match: Match, text: string): boolean {
  if ('or' in match) return match.or.some((each) => matches(each, text))
  if ('and' in match) return match.and.every((each) => matches(each, text))
  if ('equals' in match) return text === match.equals.toLowerCase()
  if ('starts_with' in match) return text.startsWith(match.starts_with.toLowerCase())
  if ('ends_with' in match) return text.endsWith(match.ends_with.toLowerCase())
  if ('contains' in match) return text.includes(match.contains.toLowerCase())
  return 'regex' in match && new RegExp(match.regex).test(text)
}

/** `-20250514` is also written `-2025-05-14`; 99 is no month. */
function withDashedDate(name: string): string {
  return name.replace(/-(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=-|:|$)/g, (whole, year, month, day) => {
    const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
    return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day)
      ? `-${year}-${month}-${day}`
      : whole
  })
}
