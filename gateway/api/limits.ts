import type { Config, LimitConfig } from '../config/schema.ts'
import { formatDuration } from '../config/units.ts'
import type { Limit, Limits } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import type { HandlersOf } from './api.ts'
import type { Configuration } from './configuration.ts'

export interface LimitsPorts {
  configuration: Pick<Configuration, 'current' | 'edit'>
}

export function createLimitsHandlers({ configuration }: LimitsPorts): HandlersOf<'limits'> {
  return {
    'limits.get': () => limitsOf(configuration.current().config.rateLimit),
    'limits.save': (limits) => {
      checkLimits(limits)
      const { backend } = configuration.current().config.rateLimit
      return configuration.edit([{ path: ['rateLimit'], value: limitsSection(limits, backend) }])
    },
  }
}

function limitsOf({ enabled, global, perKey, perModel }: Config['rateLimit']): Limits {
  return {
    enabled,
    global: limitOf(global),
    perKey: limitOf(perKey),
    perModel: Object.fromEntries(
      Object.entries(perModel).map(([model, { window, ...amounts }]) => [model, { ...amounts, windowMs: window }]),
    ),
  }
}

function limitOf(limit: LimitConfig | undefined): Limit | null {
  if (limit === undefined) return null
  const { window: windowMs, ...amounts } = limit
  return { ...amounts, windowMs }
}

/** Said here, where the form's own field can be named. */
function checkLimits({ global, perKey, perModel }: Limits): void {
  const named: [string, Limit | null][] = [
    ['global', global],
    ['perKey', perKey],
  ]
  for (const [model, limit] of Object.entries(perModel)) named.push([`perModel.${model}`, limit])
  for (const [field, limit] of named) {
    if (limit === null || limit.requests !== undefined || limit.tokens !== undefined) continue
    throw new GatewayError('invalid_request', 'Give a number of requests, of tokens, or both.', { param: field })
  }
}

/** As it stands in the file; undefined takes an entry out. */
function limitsSection({ enabled, global, perKey, perModel }: Limits, backend: Config['rateLimit']['backend']): object {
  const models = Object.entries(perModel).map(([model, limit]) => [model, written(limit)])
  return {
    enabled,
    backend: backend === 'memory' ? undefined : backend,
    global: written(global),
    perKey: written(perKey),
    perModel: models.length === 0 ? undefined : Object.fromEntries(models),
  }
}

function written(limit: Limit | null): object | undefined {
  if (limit === null) return undefined
  const { windowMs, requests, tokens } = limit
  return { requests, tokens, window: formatDuration(windowMs) }
}
