import { formatDuration, formatSize } from '../config/units.ts'
import type { Config } from '../config/schema.ts'
import type { CacheState } from '../contract.ts'
import type { Cache, CacheInspector } from '../stores/cache.ts'
import type { UsageTotals } from '../stores/ledger.ts'
import type { ReadableLedger } from '../stores/ledger-reader.ts'
import type { HandlersOf } from './api.ts'
import { compare, semanticState, settingsWritten, type SemanticViewPorts } from './cache-semantic.ts'
import type { Configuration } from './configuration.ts'
import { localDay, localMonthStart } from './status-today.ts'

export interface CachePorts extends Omit<SemanticViewPorts, 'config' | 'calls'> {
  cache: Cache & CacheInspector
  ledger: Pick<ReadableLedger, 'usage' | 'calls'>
  configuration: Pick<Configuration, 'current' | 'edit'>
  now: () => number
}

const topCount = 50
/** Enough to tell entries apart. */
const shownKeyLength = 12

export function createCacheHandlers(ports: CachePorts): HandlersOf<'cache'> {
  return {
    'cache.get': () => cacheState(ports),
    'cache.configure': ({ enabled, ttlMs, maxBytes }) => {
      const { cache } = ports.configuration.current().config
      return ports.configuration.edit([
        // What stays as it is keeps its spelling in the file.
        ...changed(cache, 'enabled', enabled, enabled),
        ...changed(cache, 'ttl', ttlMs, formatDuration(ttlMs)),
        ...changed(cache, 'maxSize', maxBytes, formatSize(maxBytes)),
      ])
    },
    'cache.semantic': ({ settings }) =>
      ports.configuration.edit([
        { path: ['cache', 'semantic'], value: settings === null ? undefined : settingsWritten(settings) },
      ]),
    'cache.compare': (questions) => compare(questions, viewOf(ports)),
    'cache.clear': async ({ model }) => ({ cleared: await ports.cache.clear(model) }),
  }
}

function changed<Name extends keyof Config['cache']>(
  before: Config['cache'],
  name: Name,
  after: Config['cache'][Name],
  written: unknown,
): { path: string[]; value: unknown }[] {
  return before[name] === after ? [] : [{ path: ['cache', name], value: written }]
}

function viewOf(ports: CachePorts): SemanticViewPorts {
  const { configuration, ledger } = ports
  return { ...ports, config: () => configuration.current().config, calls: (query) => ledger.calls(query) }
}

async function cacheState(ports: CachePorts): Promise<CacheState> {
  const { cache, ledger, configuration, now } = ports
  const { enabled, ttl } = configuration.current().config.cache
  const [stats, top, models, today, month, ever] = await Promise.all([
    cache.stats(),
    cache.top(topCount),
    cache.models(),
    ledger.usage({ from: localDay(now()).start }),
    ledger.usage({ from: localMonthStart(now()) }),
    ledger.usage({}),
  ])
  const spans = (read: (totals: UsageTotals) => number): { today: number; month: number; ever: number } => ({
    today: read(today.total),
    month: read(month.total),
    ever: read(ever.total),
  })
  return {
    enabled,
    ttlMs: ttl,
    ...stats,
    hits: spans(({ cacheHits }) => cacheHits),
    misses: spans(({ cacheMisses }) => cacheMisses),
    savedNanoUsd: spans(({ savedNanoUsd }) => savedNanoUsd),
    top: top.map(({ costNanoUsd, key, ...entry }) => ({
      ...entry,
      key: key.slice(0, shownKeyLength),
      savedNanoUsd: costNanoUsd === undefined ? null : costNanoUsd * entry.hits,
    })),
    models,
    semantic: await semanticState(viewOf(ports), spans),
  }
}
