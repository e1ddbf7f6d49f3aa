import { z } from 'zod'
import { isObject, parseJson, type Json } from '../chat/json.ts'
import type { Match, TableConstraint } from '../models/price-table.ts'
import type { PlainProvider } from './plain-table.ts'
import { unusable, type ListKind, type WholeList } from './price-list.ts'

/** Lists in the shape of the table: genai-prices' data.json (version 2) and tables of our own. */

const text = z.string().min(1).max(500)

/** Patterns are tried on names that clients choose. No group may repeat, and little else: else some names take for ever. */
const regex = z
  .string()
  .max(200)
  .refine((pattern) => isRegex(pattern) && isQuick(pattern), 'a regex that is not used here')

function isQuick(pattern: string): boolean {
  const endless = pattern.match(/[+*]|\{\d*,\}/g) ?? []
  return !/\)[+*{]/.test(pattern) && endless.length <= 2
}

const match: z.ZodType<Match> = z.lazy(() =>
  z.union([
    z.object({ or: z.array(match).max(1000) }),
    z.object({ and: z.array(match).max(1000) }),
    z.object({ equals: text }),
    z.object({ starts_with: text }),
    z.object({ ends_with: text }),
    z.object({ contains: text }),
    z.object({ regex }),
  ]),
)

const tier = z.object({ start: z.number().min(0), price: z.number() })
const rate = z.union([z.number(), z.object({ base: z.number(), tiers: z.array(tier).max(50) })])
const prices = z.record(z.string(), rate)

const date = z.string().refine((value) => !Number.isNaN(Date.parse(value)), 'not a date')
const time = z.string().refine((value) => !Number.isNaN(Date.parse(`1970-01-01T${value}`)), 'not a time of day')

/** The package names the type, the list does not. */
const constraint = z.union([
  z.object({ start_date: date }).transform((given): TableConstraint => ({ type: 'start_date', ...given })),
  z
    .object({ start_time: time, end_time: time })
    .transform((given): TableConstraint => ({ type: 'time_of_date', ...given })),
])

const model = z.object({
  id: text,
  match,
  context_window: z.number().int().positive().optional(),
  prices: z.union([z.array(z.object({ constraint: constraint.optional(), prices })).min(1), prices]),
})

const provider = z.object({
  id: text,
  model_match: match.optional(),
  fallback_model_providers: z.array(text).optional(),
  models: z.array(model),
})

export function readTable(providers: readonly Json[], kind: ListKind): WholeList {
  const read = providers.map((each, index) => {
    const result = provider.safeParse(withModels(each))
    if (!result.success) throw unusable(describe(each, index, result.error))
    return withoutUndefined(result.data)
  })
  const twice = read.find(({ id }, index) => read.findIndex((other) => other.id === id) !== index)
  if (twice !== undefined) throw unusable(`The list names the provider ${twice.id} twice.`)
  return { kind, providers: read, skipped: {} }
}

/** In a table of our own they are text. */
function withModels(value: Json): Json {
  if (!isObject(value) || typeof value['models'] !== 'string') return value
  return { ...value, models: parseJson(value['models']) ?? null }
}

function withoutUndefined(value: z.output<typeof provider>): PlainProvider {
  return JSON.parse(JSON.stringify(value)) as PlainProvider
}

function describe(value: Json, index: number, { issues }: z.ZodError): string {
  const name = isObject(value) && typeof value['id'] === 'string' ? value['id'].slice(0, 60) : `number ${index + 1}`
  const [issue] = issues
  return `The list is damaged: provider ${name}, ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}.`
}

function isRegex(pattern: string): boolean {
  try {
    return new RegExp(pattern) instanceof RegExp
  } catch {
    return false
  }
}
